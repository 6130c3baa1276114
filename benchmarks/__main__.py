"""Run every benchmark and print its figures: `make bench`, or `make bench ARGS=posting`."""

import sys

from benchmarks import advice, importing, posting, reading

BENCHMARKS = {
    "posting": posting.main,
    "advice": advice.main,
    "importing": importing.main,
    "reading": reading.main,
}


def main() -> None:
    for name in sys.argv[1:] or BENCHMARKS:
        print(f"\n=== {name} ===", flush=True)
        BENCHMARKS[name]()


if __name__ == "__main__":
    main()
