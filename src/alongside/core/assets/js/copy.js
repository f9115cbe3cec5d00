// <button data-copy="#id" data-copied="Copied">: copies the text of what it names, and says so.
import { island } from "./island.js";

island("[data-copy]", (button) => {
  const said = document.createElement("span");
  said.className = "copied";
  said.setAttribute("role", "status");
  button.after(said);
  button.addEventListener("click", async () => {
    const source = document.querySelector(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
      said.textContent = button.dataset.copied;
    } catch {
      // No permission (or no https): select it, so that the person's own keys can.
      source.select ? source.select() : getSelection().selectAllChildren(source);
    }
  });
});
