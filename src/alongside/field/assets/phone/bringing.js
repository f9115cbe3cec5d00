// Takes over, from a file, what another phone could not send.
import * as store from "./store.js";
import { read } from "./file.js";
import { page, say, words, wrong } from "./page.js";
import { sendSoon } from "./sending.js";
import { refresh } from "./state.js";
import { trouble } from "./trouble.js";

/** Take over what another phone of this gathering could not send. */
export async function bringIn({ currentTarget: picker }) {
  const [file] = picker.files;
  if (!file) return;
  const rows = read(await file.text());
  picker.value = "";
  if (!rows) {
    wrong(words("no-file"), picker);
    return;
  }
  try {
    const count = await store.takeOver(page.dataset.gathering, rows);
    await refresh();
    say(words(count ? "brought" : "brought-none", { n: count }));
    sendSoon();
  } catch (error) {
    trouble(error);
  }
}
