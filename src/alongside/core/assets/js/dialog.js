// <a href="/a/page" data-opens="#dialog">: opens the dialog instead of the page that does the same.
import { island } from "./island.js";

island("[data-opens]", (link) => {
  const dialog = document.querySelector(link.dataset.opens);
  if (!dialog?.showModal) return;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.showModal();
  });
});
