// <textarea data-care="address of the list">: says beside it what is worth a second look, while somebody writes.
// What was said stands in the hidden field after it, so that the server need not say it again.
import { island } from "../js/island.js";
import { reasons, seen } from "./signs.js";

const lists = new Map();
const list = (address) => {
  if (!lists.has(address)) lists.set(address, load(address));
  return lists.get(address);
};

async function load(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status} at ${address}`);
  return answer.json();
}

island("[data-care]", (box) => {
  const told = box.parentElement.querySelector(`#${CSS.escape(`${box.id}_care`)}`);
  const warned = box.form.elements[`${box.name}-warned`];
  const meant = box.dataset.meant.split(" ");

  const look = async () => {
    let known;
    try {
      known = await list(box.dataset.care);
    } catch {
      lists.delete(box.dataset.care); // no list, no warning: the server warns once instead
      return;
    }
    const found = seen(box.value, known.signs, { meant });
    const names = found.map(({ id }) => id).join(" ");
    if (names === warned.value) return; // nothing new to say
    warned.value = names;
    const sentences = [...reasons(found), ...(found.some(({ hold }) => hold === "cji") ? [known.masked] : [])];
    told.replaceChildren(...sentences.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  };
  box.addEventListener("focus", () => list(box.dataset.care).catch(() => lists.delete(box.dataset.care)), {
    once: true,
  });
  box.addEventListener("input", look);
});
