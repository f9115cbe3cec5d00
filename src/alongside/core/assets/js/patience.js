// Waiting, but not for ever. Browsers that we promise know no `AbortSignal.timeout`.

/** A signal that ends whatever listens to it (a request and its answer) after `milliseconds`. */
export function patience(milliseconds) {
  const ended = new AbortController();
  setTimeout(() => ended.abort(), milliseconds);
  return ended.signal;
}
