// data-c15-files: names, sizes and small pictures of the chosen files, before they are sent.
import { each } from "./find.js";

const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

function line(file, limit, tooBig) {
  const item = document.createElement("li");
  if (file.type.startsWith("image/")) {
    const picture = document.createElement("img");
    const reader = new FileReader();
    reader.addEventListener("load", () => { picture.src = reader.result; });
    reader.readAsDataURL(file);
    picture.alt = "";
    item.append(picture);
  }
  const words = document.createElement("span");
  words.textContent = `${file.name} · ${size(file.size)}`;
  item.append(words);
  if (limit && file.size > limit) {
    const warning = document.createElement("strong");
    warning.className = "tag tag-bad";
    warning.textContent = tooBig;
    item.append(warning);
  }
  return item;
}

export function start(root) {
  each(root, "[data-c15-files]", (input) => {
    const list = document.createElement("ul");
    list.className = "file-list";
    list.setAttribute("aria-live", "polite");
    input.after(list);
    const limit = Number(input.dataset.c15MaxBytes) || 0;
    input.addEventListener("change", () => {
      list.replaceChildren(...[...input.files].map((file) => line(file, limit, input.dataset.c15TooBig || "!")));
    });
  });
}
