// Signs that a text should not be kept as it is, by the list that the server reads too: for whoever writes.
// No accents, nothing that nobody sees; digits, dashes, dots and blanks as a keyboard has them.
const bare = (text) =>
  text
    .normalize("NFKD")
    .replace(/\p{M}|\p{Cf}/gu, "")
    .replace(/(?![0-9])\p{Nd}/gu, digit)
    .replace(/\p{Pd}|[\u2212\u2043]/gu, "-")
    .replace(/[\p{Zs}\t\u115f\u1160\u2800\u3164\uffa0]/gu, " ")
    .replace(/[⁄∕]/g, "/")
    .replace(/[·•∙⋅․‧。・]/g, ".")
    .replace(/\p{Script=Cyrillic}|\p{Script=Greek}/gu, (mark) => LATIN[ALIKE.indexOf(mark)] ?? mark);

// Letters of other scripts that nobody can tell from ours.
const ALIKE = "АВЕКМНОРСТУХІЈЅаеорсухіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧο";
const LATIN = "ABEKMHOPCTYXIJSaeopcyxijsABEZHIKMNOPTYXo";

// The digits of a script stand in a row, from zero to nine.
function digit(mark) {
  const at = mark.codePointAt(0);
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(at - value - 1))) value += 1;
  return value;
}

/** The signs of this list that a text shows. `kind`: of a note; `meant`: names of signs that do no harm here. */
export function seen(text, signs, { kind = "", meant = [] } = {}) {
  const plain = bare(text);
  return signs.filter(
    (sign) => !sign.not_for?.includes(kind) && !meant.includes(sign.id) && expression(sign)?.test(plain),
  );
}

/** Why, each reason once, in the language of the page. */
export function reasons(found) {
  const language = document.documentElement.lang;
  return [...new Set(found.map(({ why }) => (typeof why === "string" ? why : (why?.[language] ?? why?.en))))].filter(
    Boolean,
  );
}

const read = new Map();
function expression({ id, regex, flags }) {
  if (!read.has(id)) {
    try {
      read.set(id, new RegExp(regex, flags));
    } catch {
      read.set(id, null); // an expression of a newer server that this browser cannot read: the server still looks
    }
  }
  return read.get(id);
}
