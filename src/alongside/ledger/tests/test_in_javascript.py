"""The check that stands on the public page says of every ledger what ours says: run in Node, by the same file."""

import json
import subprocess
from pathlib import Path

import pytest
from tests.browser.chromium import NODE

from alongside.ledger import chain
from alongside.ledger.tests.made import (
    EVES,
    NEXT,
    OURS,
    a_ledger,
    entry,
    lines,
    odd_ones,
    rewritten,
    taken_over,
)

ROOT = Path(__file__).resolve().parents[4]
MODULE = ROOT / "src" / "alongside" / "ledger" / "assets" / "verify.js"
KEY, OTHER = chain.public_of(OURS), chain.public_of(EVES)
WHOLE = a_ledger()
SCRIPT = """
import { readFileSync } from "node:fs";
const { verify } = await import(process.argv[1]);
const said = [];
for (const { file, proof } of JSON.parse(readFileSync(0, "utf8"))) {
  const lines = file.split("\\n");
  const rest = lines.pop();
  if (rest) lines.push(`${rest}\\n`);
  const well = ({ entries, day, head }) => [entries, day, head];
  said.push(await verify(lines, proof).then(well, ({ n, why }) => [n, why]));
}
console.log(JSON.stringify(said));
"""


def changed(n, **values):
    made = [dict(each) for each in WHOLE]
    made[n - 1] |= values
    return made


def ledgers():
    """Each with what is given along, and what is to be said of it."""
    body = WHOLE[2]["body"] | {"due": "2027-12-01"}
    whole = [16, "2027-06-03", WHOLE[-1]["hash"]]
    turned = [*WHOLE, entry(chain.CHANGED, {"key": chain.public_of(NEXT)}, after=WHOLE[-1], by=OURS)]
    lost = [*WHOLE, entry(chain.LOST, {"key": OTHER}, after=WHOLE[-1])]
    back = [*WHOLE[:4], entry("promise.made", {}, after=WHOLE[3], at="2027-05-01T00:00:00Z")]
    yield WHOLE, {}, whole
    yield WHOLE, {"key": KEY}, whole
    yield WHOLE, {"head": WHOLE[6]["hash"]}, whole
    yield WHOLE, {"key": OTHER}, [0, "key"]
    yield WHOLE, {"head": "ab" * 32}, [0, "head"]
    yield turned, {"key": KEY}, [17, "2027-06-03", turned[-1]["hash"]]
    yield lost, {"key": KEY}, [17, "lost"]
    yield taken_over(WHOLE), {"key": KEY}, [17, "lost"]
    yield taken_over(rewritten(WHOLE, by=EVES)), {"key": KEY}, [0, "key"]
    yield changed(3, body=body), {}, [3, "hash"]
    yield rewritten(changed(3, body=body)), {}, [6, "signature"]
    yield rewritten(changed(3, body=body), by=EVES), {"key": KEY}, [0, "key"]
    yield WHOLE[:4] + WHOLE[5:], {}, [5, "number"]
    yield WHOLE[1:], {}, [1, "number"]
    yield back, {}, [5, "clock"]
    yield [entry("promise.made", {})], {}, [1, "beginning"]
    yield [*WHOLE, entry(chain.RESTORED, {"head": WHOLE[5]["hash"]}, after=WHOLE[-1])], {}, [17, "names"]
    yield [*WHOLE, entry(chain.CONFIRMED, {"key": OTHER}, after=WHOLE[-1])], {}, [17, "names"]
    yield [*WHOLE, entry(chain.SEALED, {"day": "2027-06-05"}, after=WHOLE[-1], by=OURS)], {}, [17, "day"]
    yield [], {}, [1, "empty"]


def spellings():
    for bent in (
        lambda line: line.replace('"steps":1', '"steps":1.0'),
        lambda line: line.replace('"steps":1', '"steps":1.5'),
        lambda line: line.replace('"steps":1', '"steps":true'),
        lambda line: line.replace('"steps":1', '"steps":9007199254740992'),
        lambda line: line.replace('"steps":1', '"steps":1,"steps":1'),
        lambda line: line.replace('"steps"', '"schritte ß"'),
        lambda line: line.replace("promise", r"\u0070romise", 1),
        lambda line: line + "\r",
        lambda line: "\ufeff" + line,
        lambda line: " " + line,
        lambda _line: "",
    ):
        written = [line.decode()[:-1] for line in lines(WHOLE)]
        written[2] = bent(written[2])
        yield "".join(f"{line}\n" for line in written)


@pytest.fixture(scope="module")
def said():
    asked = [(b"".join(lines(made)).decode(), proof, answer) for made, proof, answer in ledgers()]
    asked += [(file, {}, [3, "spelling"]) for file in spellings()]
    asked.append((b"".join(lines(WHOLE)).decode()[:-1], {}, [16, "spelling"]))
    asked += [(b"".join(written).decode(), {}, what) for what, written in odd_ones(WHOLE, 3)]
    given = json.dumps([{"file": file, "proof": proof} for file, proof, _answer in asked])
    done = subprocess.run(
        [str(NODE), "--input-type=module", "-e", SCRIPT, MODULE.as_uri()],
        input=given,
        capture_output=True,
        text=True,
        check=True,
    )
    return [
        (answer, said) for (_file, _proof, answer), said in zip(asked, json.loads(done.stdout), strict=True)
    ]


def test_it_says_of_every_ledger_what_is_so(said):
    of_these = [each for each in said if isinstance(each[0], list)]
    assert len(of_these) == 32
    for number, (answer, heard) in enumerate(of_these):
        assert heard == answer, number


def test_it_lets_nothing_odd_pass(said):
    """Which member it was, is how ours says it; here it counts that the entry is found, and named."""
    odd = [each for each in said if isinstance(each[0], str)]
    assert len(odd) > 100, "the premise"
    assert [(what, heard) for what, heard in odd if heard[0] not in (1, 3) or len(heard) != 2] == []


def test_ours_finds_the_same_ones():
    for made, proof, answer in ledgers():
        if len(answer) == 3:
            assert chain.verify(lines(made), **proof).head == answer[2]
        else:
            with pytest.raises(chain.NotInOrder) as wrong:
                chain.verify(lines(made), **proof)
            assert not answer[0] or str(wrong.value).startswith(f"Entry {answer[0]}")
