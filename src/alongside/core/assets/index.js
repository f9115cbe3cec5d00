// What every page carries: htmx once, and islands that sleep until their element is on the page.
import "htmx.org";
import "./js/copy.js";
import "./js/print.js";
import "./js/dialog.js";
import "./js/boxes.js";
import "./js/errors.js";
import "./js/menu.js";
import "./js/maps.js";
import "./js/offer.js";
import "./care/box.js";

document.documentElement.classList.add("scripted");
