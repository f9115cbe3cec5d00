// A database in the browser, and its transactions. A promise here is kept only when the disk has the rows ("strict"),
// so that "saved" on the screen is true.

/** This device has no room left (or its browser lets us write nothing): what was typed is still on the screen. */
export class NoRoom extends Error {}

/** What a request of IndexedDB brings. */
export const asked = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

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
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onabort = () => reject(trouble(transaction.error));
    });
    let result;
    try {
      result = await work(Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)])));
    } catch (error) {
      done.catch(() => {});
      try {
        transaction.abort();
      } catch {
        // it has ended by itself
      }
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
    this.#opened ??= new Promise((resolve, reject) => {
      const opening = indexedDB.open(this.#name, 1);
      opening.onupgradeneeded = () => this.#lay(opening.result);
      opening.onsuccess = () => resolve(this.#watched(opening.result));
      opening.onerror = () => reject(trouble(opening.error));
    });
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
