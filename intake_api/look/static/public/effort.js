// Finds the number whose hash is asked for (ALTCHA's proof of work), in slices, so that the page
// stays usable meanwhile.
const SLICE = 400;

async function hash(text) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, "0")).join("");
}

export async function solve({ salt, challenge, most }) {
  for (let start = 0; start <= most; start += SLICE) {
    const numbers = Array.from({ length: Math.min(SLICE, most - start + 1) }, (_, at) => start + at);
    const found = (await Promise.all(numbers.map((number) => hash(salt + number)))).indexOf(challenge);
    if (found >= 0) return numbers[found];
  }
  return null;
}

const box = document.getElementById("cong-suc");
if (box && crypto.subtle) {
  const { salt, challenge, signature } = box.dataset;
  const said = box.querySelector("[data-said]");
  const button = box.closest("form").querySelector("button[type=submit]");
  button.disabled = true;
  said.textContent = "Từ mạng này vừa có nhiều góp ý; trình duyệt đang tự kiểm tra, khoảng vài giây. Nội dung vẫn còn ở trên.";
  solve({ salt, challenge, most: Number(box.dataset.most) }).then((number) => {
    if (number !== null) {
      box.querySelector("[name=altcha]").value = btoa(JSON.stringify({ algorithm: "SHA-256", challenge, number, salt, signature }));
    }
    button.disabled = false;
    said.textContent = "Đã kiểm tra xong. Ý kiến CHƯA được gửi; anh/chị bấm “Gửi góp ý” lần nữa.";
    button.focus();
  });
}
