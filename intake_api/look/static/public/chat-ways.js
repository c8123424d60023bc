// What stands around the conversation: choosing files, and whether this device keeps it.
const MOST = 5, BIG = 10 * 1024 * 1024;

export function setUpFiles(send) {
  const field = document.getElementById("chon-tep");
  const note = document.getElementById("chon-tep-loi");
  if (!field) return;
  field.closest("[hidden]")?.removeAttribute("hidden");
  field.addEventListener("change", () => {
    const files = [...field.files];
    field.value = "";
    const big = files.find((file) => file.size > BIG);
    note.textContent = files.length > MOST ? `Chọn tối đa ${MOST} tệp mỗi lần.`
      : big ? `“${big.name}” lớn hơn 10 MB.` : "";
    note.hidden = !note.textContent;
    if (files.length && !note.textContent) send(files);
  });
}

// Nothing lasting is stored on the device unless the person says so; asked once, after the first
// message, and never in the way.
export function askToKeep(box, wire) {
  const bar = document.getElementById("ghi-nho");
  if (!bar || bar.dataset.asked) return;
  bar.dataset.asked = "true";
  const words = bar.querySelector("[data-words]");
  const yes = bar.querySelector("[data-yes]"), no = bar.querySelector("[data-no]");
  const say = (text, kept) => {
    words.textContent = text;
    yes.hidden = true;
    no.hidden = !kept;
    no.textContent = "Quên";
  };
  if (wire.isKept()) say("Máy này đang nhớ cuộc trò chuyện.", true);
  yes.addEventListener("click", async () => {
    const done = await wire.remember().catch(() => false);
    say(done ? "Đã nhớ 90 ngày trên máy này." : "Trình duyệt không cho lưu; anh/chị giữ mã ý kiến để tra cứu.", done);
  });
  no.addEventListener("click", async () => {
    if (!wire.isKept()) { bar.hidden = true; return; }
    await wire.forget().catch(() => null);
    say("Máy này không nhớ cuộc trò chuyện nữa. Đóng trang là xong.", false);
  });
  bar.hidden = false;
}
