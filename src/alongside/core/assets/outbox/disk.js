// A database in the browser, and its transactions. A promise here is kept only when the disk has the rows ("strict"),
// so that "saved" on the screen is true.

/** This device has no room left (or its browser lets us write nothing): what was typed is still on the screen. */
export class NoRoom extends Error {}

/** A disk that neither does what it was asked nor says why. Some browsers are like this in a private window. */
export class NoAnswer extends Error {}

const PATIENCE = 15_000;

/** `waited`, but not for ever: `late()` is called, and it ends as NoAnswer, where the disk says nothing. */
function inTime(waited, late = () => {}) {
  let timer;
  const silence = new Promise((_resolve, reject) => {
    timer = setTimeout(() => {
      late();
      reject(new NoAnswer("this browser's storage does not answer"));
    }, PATIENCE);
  });
  return Promise.race([waited, silence]).finally(() => clearTimeout(timer));
}

/** What a request of IndexedDB brings. */
export const asked = (request) =>
  inTime(
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(trouble(request.error));
    }),
  );

/** A database that is being opened; `lay(base, transaction)` where it is new. */
export const opened = (opening, lay) =>
  inTime(
    new Promise((resolve, reject) => {
      opening.onupgradeneeded = () => lay(opening.result, opening.transaction);
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => reject(trouble(opening.error));
      opening.onblocked = () => reject(new NoAnswer("another tab holds this browser's storage"));
    }),
  );

/** A transaction that ends: with everything on the disk, or with nothing and a reason. */
export const ended = (transaction) =>
  inTime(
    new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(trouble(transaction.error));
      transaction.onerror = () => reject(trouble(transaction.error));
    }),
    () => stop(transaction),
  );

/** Abort; where it has ended by itself, that is as well. */
function stop(transaction) {
  try {
    transaction.abort();
  } catch {
    // it has ended by itself
  }
}

/** The database `name`, with object stores as { name: { key, index } }. */
export class Disk {
  #name;
  #stores;
  #opened;
  #heard;

  constructor(name, stores) {
    this.#name = name;
    this.#stores = stores;
    this.#heard = globalThis.BroadcastChannel ? new BroadcastChannel(name) : null;
  }

  /** Call `listener()` whenever rows change in another tab or in the worker. */
  onChange(listener) {
    this.#heard?.addEventListener("message", listener);
  }

  /** Run `work(stores)` in one transaction; its answer comes once everything is on the disk, or nothing is. */
  async change(work) {
    const base = await this.#database();
    const names = Object.keys(this.#stores);
    const transaction = base.transaction(names, "readwrite", { durability: "strict" });
    const done = ended(transaction);
    done.catch(() => {}); // whoever waits for it hears
    let result;
    try {
      const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
      result = await Promise.race([work(stores), done.then(() => new Promise(() => {}))]);
    } catch (error) {
      stop(transaction);
      throw trouble(error);
    }
    await done;
    this.#heard?.postMessage("changed");
    return result;
  }

  /** Ask one store. */
  async look(store, question) {
    const base = await this.#database();
    return asked(question(base.transaction(store).objectStore(store)));
  }

  #database() {
    this.#opened ??= opened(indexedDB.open(this.#name, 1), (base) => this.#lay(base)).then((base) =>
      this.#watched(base),
    );
    this.#opened.catch(() => (this.#opened = undefined));
    return this.#opened;
  }

  #lay(base) {
    for (const [name, { key, index }] of Object.entries(this.#stores)) {
      const store = base.createObjectStore(name, { keyPath: key });
      if (index) store.createIndex(index, index);
    }
  }

  #watched(base) {
    const forget = () => (this.#opened = undefined);
    base.onclose = forget;
    base.onversionchange = () => {
      base.close();
      forget();
    };
    return base;
  }
}

function trouble(error) {
  const noRoom = /quota|disk|space|unknownerror/i.test(`${error?.name} ${error?.message}`);
  return noRoom ? new NoRoom(error?.message, { cause: error }) : error;
}
