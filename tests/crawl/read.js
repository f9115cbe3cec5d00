// All that a page says. First what is seen once all of its parts are open; then what is hidden is shown, layer by
// layer, and read too, since hidden words have no lines of their own.
() => {
  const lines = (text) => text.split("\n").map((line) => line.replace(/\s+/g, " ").trim()).filter(Boolean);
  const line = (text) => text.replace(/\s+/g, " ").trim();
  const exact = (text) => text.trim() ? text.replaceAll("\n", "⏎") : "";
  const all = (selector) => [...document.querySelectorAll(selector)];
  const SPOKEN = ["alt", "aria-label", "aria-description", "content"];
  const SHOWN = ["title", "placeholder", "label"];

  const attributes = () => all("meta[name=description], meta[property], body *").flatMap((each) => [
    ...SPOKEN.filter((name) => each.hasAttribute(name)).map((name) => `${name}: ${line(each.getAttribute(name))}`),
    ...SHOWN.filter((name) => each.hasAttribute(name)).map((name) => `${name}: ${exact(each.getAttribute(name))}`),
    ...each.getAttributeNames()
      .filter((name) => name.startsWith("data-") && /\s/.test(each.getAttribute(name).trim()))
      .map((name) => `${name}: ${line(each.getAttribute(name))}`),
    ...(each.matches("svg title, svg desc, svg text") ? [`drawn: ${line(each.textContent)}`] : []),
    ...(each.matches("pre") ? [`pre: ${exact(each.textContent)}`] : []),
  ]);
  const fields = () => all("input, select, textarea, button").map((each) => [
    `${each.localName} ${each.type} ${each.name}`.trim(),
    ...["required", "disabled", "checked", "multiple", "readonly"].filter((name) => each.hasAttribute(name)),
    ...["min", "max", "maxlength", "pattern", "accept", "autocomplete", "form", "aria-describedby"]
      .filter((name) => each.hasAttribute(name)).map((name) => `${name}=${line(each.getAttribute(name))}`),
    ...(["hidden", "password", "file"].includes(each.type) || !each.value ? [] : [`= ${exact(each.value)}`]),
  ].join(" "));
  const doors = () => all("body [href], form, [formaction], [hx-get], [hx-post]").map((each) => each.matches("form")
    ? `${each.method} ${each.getAttribute("action") ?? ""}`.trim()
    : ["href", "formaction", "hx-get", "hx-post"].map((name) => each.getAttribute(name) ?? "").join(" "))
    .map((door) => door.trim());

  all("details").forEach((each) => (each.open = true));
  const said = {
    title: document.title.trim(),
    language: document.documentElement.lang,
    text: lines(document.body.innerText),
    words: attributes(),
    fields: fields(),
    doors: doors(),
  };

  const OUT = "script, style, svg, svg *, option, optgroup, datalist *, br, wbr";
  for (const each of all("template")) {
    const shown = document.createElement("div");
    shown.append(each.content.cloneNode(true));
    each.replaceWith(shown);
    shown.hidden = true;
  }
  said.hidden = all("datalist option").map((each) => line(each.value));
  for (let layer = 0; layer < 8; layer++) {
    const unseen = all("body *").filter((each) => !each.matches(OUT) && !each.checkVisibility());
    const outermost = unseen.filter((each) => each.parentElement.checkVisibility());
    if (!outermost.length) break;
    for (const each of outermost) {
      ["hidden", "popover"].forEach((name) => each.removeAttribute(name));
      if (each.matches("dialog")) each.setAttribute("open", "");
      each.style.setProperty("display", "block", "important");
    }
    said.hidden.push(...outermost.flatMap((each) => lines(each.innerText)));
  }
  return said;
}
