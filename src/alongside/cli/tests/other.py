"""Another program on the same database: runs the lines it is handed, one answer each."""

import io
import json
import sys
import traceback
from contextlib import redirect_stdout

import django


def main():
    django.setup()
    for line in sys.stdin:
        script, *sys.argv[1:] = json.loads(line)
        said = io.StringIO()
        try:
            with redirect_stdout(said):
                exec(compile(script, "<test>", "exec"), {"json": json, "sys": sys})  # noqa: S102 - the test's own lines
            answer = {"said": json.loads(said.getvalue() or "null")}
        except Exception:
            answer = {"wrong": traceback.format_exc()}
        print(json.dumps(answer), flush=True)  # noqa: T201 - this is how it answers


if __name__ == "__main__":
    main()
