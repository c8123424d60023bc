"""Given names: which there are, and which of them are everyday words as well.

Frequency knowledge of the names of the last three generations, written with diacritics. The
sets without diacritics are kept apart, because "thay" and "minh" are other words there.
"""

from __future__ import annotations

from vntext.letters import fold
from vntext.listing import listed

# As spelled with care. Those below in WORDY are ordinary words of our messages too.
GIVEN_TYPED = listed(
    "ái an án ân anh ánh ảnh âu bá bắc bách bạch băng bằng bảo bảy biên bích bình bông bổng ca "
    "cẩm căn cảnh cầu chanh chấn châm châu chi chí chiên chiến chiểu chinh chính chuẩn chúc "
    "chung chương chuyên công cúc cương cường cự dạ dân dần dậu di diễm diễn diện diệp diệu dinh "
    "doanh doãn du dụ dung dũng duy duyên duyệt dự dương đa đại đàm đan đàn đào đạo đạt đăng "
    "đằng đệ điểm điền điệp điều đình đính định đoan đoàn đoạt đô độ đồng đông đức đường được "
    "gấm giang giáp giàu hà hạ hai hải hán hàn hân hằng hạnh hào hảo hậu hiên hiền hiển hiến "
    "hiện hiệp hiếu hiệu hinh hoa hoà hòa hoài hoan hoàn hoàng hoành hoạt học hội hồng hợi hợp "
    "huân huấn huế huệ hùng huy huyên huyền huyện huynh huỳnh hưng hương hường hướng hữu kha khá "
    "khải khai khang khanh khánh khiêm khiết khoa khoái khoan khoát khôi khởi khuê khuyên khương "
    "khường kiên kiểm kiền kiệm kiệt kiều kim kính kỳ kỷ la lài lai lãm lam lâm lan lân lập lâu "
    "lê lễ lệ lên liên liễu linh lĩnh loan long lộc lợi luân luận lục lụa lực lựu lương lượng "
    "lưu luyến luyện ly lý mai mạnh mạc mão mận mây mến mẫn miên minh mơ mùi muội mười mừng my "
    "mỹ nam năm nga ngà ngân ngát nghi nghị nghĩa nghiêm ngọ ngọc ngôn nguyên nguyễn nguyện "
    "nguyệt ngữ nhã nhài nhàn nhan nhân nhẫn nhâm nhật nhi nhị nhiên nhiệm như nhu nhường nhưỡng "
    "nhung ninh nở nương oai oanh ổn phấn phan phát phi phiên phiến phong phú phúc phùng phương "
    "phước phượng phượng quân quản quang quảng quế quốc quý quyên quyến quyền quyết quỳnh sa san "
    "sắc sang sáng sao sâm sen sĩ sinh sỹ soạn sơn song sửu sương tá tám tài tân tấn tạo tâm tập "
    "tể thạch thái tham thắm thân thắng thăng thanh thành thảnh thao thảo thập thất thế thi thìn "
    "thiên thiện thiệp thiết thiệu thịnh thoa thoả thỏa thoại thoan thọ thơ thời thơm thu thụ "
    "thuận thuần thục thuý thúy thuỳ thùy thuỷ thủy thuyên thuyết thư thứ thức thực thược thương "
    "thường thướng tỵ tiên tiến tiệp tiếp tín tình tính tịnh tĩnh toại toàn toán toản toan tôn "
    "tới trà trác trâm trân trấn trang trạng tráng tri trí trị triều triển triết triệu trinh "
    "trình trọng trúc trung trụ trực trưng trường trưởng tú tuân tuấn tuất tuệ tùng tuyên tuyến "
    "tuyền tuyển tuyết tư từ tước tươi tường tưởng tý uyên uyển út vân văn vang vàng vi vĩ viên "
    "viện việt vinh vĩnh võ vóc vọng vui vũ vụ vương vượng vượt vy vỹ xuân xuyên xuyến xa ý yên "
    "yến"
)
# Pet names of small children; after "bé" mostly.
PET_NAMES = listed(
    "bống tôm cún bi bin na su sóc tép bơ gấu mít nấm ốc cốm thỏ kẹo ken bon bo tít ben sam "
    "chip chíp bông miu nhím xoài bắp khoai đậu moon bim kem mía ngô thóc cà tèo bờm bom "
    "mèo kiến ong nhộng mỡ cua ghẹ sò tin tun sún cò bưởi chuối quýt dâu susu coca cola boi bun "
    "bốp bum bít zin zon jun bo rin mon min nu nhím vừng lạc nếp gạo sữa măng"
)
# Given names that in lower case are, as often as not, the everyday word.
WORDY_TYPED = listed(
    "án ảnh ánh an ân anh bá bắc bạch băng bằng bảo bảy biên bình bông ca căn cảnh cầu chanh châm "
    "chi chí chiến chinh chính chuẩn chúc chung chương chuyên công cương cự dạ dân dần di diễn "
    "diện doanh du dung dự duyệt dương đa đại đàm đàn đào đạo đạt đăng đệ điểm điền điều đình "
    "đính định đoàn đoạt đô độ đồng đông đường được giàu giang hạ hai hàn hạnh hảo hào hậu hiên "
    "hiền hiển hiến hiện hiệp hiệu hoa hoà hòa hoài hoan hoàn hoành hoạt học hội hồng hợp huấn "
    "huyện huynh hưng hương hướng hữu khá khai khang khanh khánh khiết khoa khoái khoan khởi "
    "kiên kiểm kiệm kim kính kỳ kỷ la lai lam lập lâu lễ lệ lên liên lĩnh long lộc lợi luận lục "
    "lực lương lượng lưu luyến luyện ly lý mai mạnh mạc mây mến mơ mùi mười mừng mỹ nam năm ngà "
    "ngân nghị nghĩa nghiêm nguyên nguyện ngữ nhã nhàn nhân nhẫn nhật nhị nhiên nhiệm như nhường "
    "nở ổn phát phi phiên phong phú phúc phương phước quân quản quang quảng quốc quý quyên quyền "
    "quyết sa san sắc sang sáng sao sen sinh soạn sơn song sương tám tài tân tạo tâm tập thạch "
    "thái tham thân thắng thăng thanh thành thảnh thao thảo thập thất thế thi thiên thiện thiết "
    "thời thơm thơ thỏa thoả thoại thọ thu thụ thuận thuần thuyết thư thứ thức thực thương "
    "thường tiên tiến tiếp tin tín tình tính tĩnh toàn toán tới trà trang trạng tráng tri trí "
    "trị triều triển triệu trình trọng trung trực trường trưởng từ tư tuân tuyên tuyến tuyển "
    "tươi tưởng út văn vang vàng vi viên viện việt vinh vọng vui vũ vụ vương vượt xa xuân ý yên"
)
# Never a name in lower case after a bare cue: "cô bảo", "thầy năm ngoái", "cháu được".
NEVER_TYPED = listed(
    "bảo được lên năm hai bảy tám mười tới vui xa đa khá hiện hiệu học như quyết thi thời tiếp "
    "tính toán trường trưởng trị ổn nở mừng mơ hướng huyện hội hợp điểm điều định đường độ đại "
    "duyệt dự diện có cầu ca bằng bá án ảnh chính chuẩn chung chuyên công kiểm lập lâu lượng "
    "luyện nghị nguyện nhận nhiệm nhường phát quản sao sang sắc soạn tạo tập tham thân thất thế "
    "thiết thoại thứ thức thực thường thuyết tin trình triển tuyển tưởng từ vàng viện vọng vụ vượt "
    "la ký nghi ý văn trực thỏa thoả luận động tốt khởi mùi đăng giỏi đồng kiến"
)
# Adjectives, verbs and adverbs that follow a title in lower case all the time.
STRICT_TYPED = listed(
    "an ân bắc bình bông cảnh châm chi chí chiến chinh chương cương cự dân dần di dung đào đạo "
    "đạt đình đoàn đông giàu giang hạ hàn hạnh hảo hậu hiên hiền hiển hiệp hòa hoà hoài hoan hoàn "
    "hồng hợp hưng khai khang khanh khoái khoan kiên kim kính kỳ lai lam lễ liên lĩnh lợi lực lưu "
    "lý mai mạnh mến mừng mỹ nam nghĩa nghiêm nguyên nhàn nhân nhẫn nhật phi phong phú phúc quốc "
    "quý quyên quyền sáng sen sinh song tài tân thái thắng thăng thanh thành thảo thiên thiện "
    "thơm thơ thọ thu thụ thuận thuần thư thương thường tiên tiến tín tình tĩnh toàn trí trọng "
    "trung tư tuyên tươi vang vi viên việt vinh vương xuân yên trường vui út"
)
# The same after "cô", "thầy", where most everyday words would not stand.
STRICT_TEACHER = listed(
    "an mai thu hiền hòa hoà bình thương mến quý nghiêm mừng tươi vui kính nhẫn nhàn giàu công chi "
    "đạt tin tuyên quyên quyền nam lễ thư sinh tài trọng đông bắc di vi thơ thân tiên toàn trí "
    "yên út tư vang văn đoàn đào chinh dung hồng"
)
CLEAN_TYPED = GIVEN_TYPED - WORDY_TYPED - NEVER_TYPED
GIVEN_BARE = frozenset(fold(name) for name in GIVEN_TYPED)
# Without diacritics: names whose letters hardly stand for another word beside a person's title.
CLEAN_BARE = listed(
    "hung tuan thuy oanh linh ngoc cuong khanh diep huyen nga hue quynh nguyet my vy uyen bich "
    "thoa phuoc huy kiet khang khoi khoa trinh tram duyen lien diem trinh yen vinh tung duc "
    "hieu hanh loan thao trang phuong huong hang vi nhi giang tuyet thom quyen lan han nghia "
    "binh dat dao tam luong thai khiem thuong tien nhan lam nhai na bong"
) - {"dao", "tam", "luong", "tien", "lam", "nhan", "dat", "han"}
NEVER_BARE = listed(
    "bao duoc len hai bay tam muoi toi vui xa da kha nhu thi thoi tiep toan truong no mo hoi ca "
    "ban ba do dai co cau chung lap lau tap tin tu vang viec y van nhung minh hoc mot cung la lai "
    "di su can chu hop mung on an sao tra ai dan vi cai the tai nghi giau ong sa nhiem trong "
    "ky that khoan dang phat bang nha cam thuc"
)
# First halves of two-syllable given names, and what follows them.
DOUBLE_FIRST = listed(
    "an anh ánh bá bách bạch bảo băng bích cẩm cao châu chí công dạ diễm diệp diệu doãn duy dương "
    "đan đăng đại đình đoan đông đức gia giang giáng hà hạ hải hạnh hiền hiếu hiểu hoài hoàng hoa "
    "hồng huệ huy huyền hùng hữu hương khải khánh khắc khôi kiều kim kỳ lam lan lê lệ linh long "
    "mai mạnh mẫn minh mộc mộng mỹ my nam ngân nghi ngọc nguyên nguyệt nhã nhân nhật nhất phi phú "
    "phúc phương phước phượng quang quế quốc quý quỳnh sơn song sỹ tâm tấn thạch thái thảo thanh "
    "thành thế thiên thiện thu thùy thuỳ thủy thuỷ thúy thuý thư thục thy tiến tiểu tố toàn trà "
    "trâm trí triệu trọng trúc trung trường tú tuấn tuệ tùng tuyết tường uyên uyển vân vĩnh việt "
    "vũ vương xuân yên yến ái tịnh bình hoàn thương hạo nhung"
)
DOUBLE_FIRST_BARE = frozenset(fold(name) for name in DOUBLE_FIRST) - {"dang", "nhat", "lam", "nhu"}
