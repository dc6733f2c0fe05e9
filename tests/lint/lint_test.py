"""lint_test LINT: runs one lint on small trees, good and bad. A lint that cannot fail is a defect."""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))


def lines(count):
    return 'x();\n' * count


# Each case: what it shows, the tree, and what the lint must say (None: nothing).
CASES = {
    'layers': [
        ('an edge of the list', {'bridge/mapping/x.h': '#include "protocol/influx/point.h"\n'}, None),
        ('a layer sees itself', {'bridge/cache/x.h': '#include "bridge/cache/y.h"\n'}, None),
        ('protocol knows nobody', {'protocol/x.h': '#include "bridge/base/clock.h"\n'},
         'protocol/x.h:1: "bridge/base/clock.h": protocol must not include base'),
        ('no edge back', {'bridge/cache/x.h': '\n#include "bridge/ingest/y.h"\n'},
         'bridge/cache/x.h:2: "bridge/ingest/y.h": cache must not include ingest'),
        ('only runtime knows telemetry', {'bridge/listen/x.h': '#include "bridge/telemetry/y.h"\n'},
         'listen must not include telemetry'),
        ('runtime knows everything', {'bridge/runtime/x.cc': '#include "bridge/telemetry/y.h"\n'}, None),
        ('sources never see tests', {'bridge/runtime/x.cc': '#include "tests/y.h"\n'}, 'must not include tests'),
        ('tests see everything', {'tests/x.cc': '#include "bridge/cache/y.h"\n'}, None),
        ('config sees options', {'bridge/config/x.h': '#include "bridge/cache/cache_options.h"\n'}, None),
        ('config sees only options', {'bridge/config/x.h': '#include "bridge/cache/series_cache.h"\n'},
         'config includes only *options.h'),
        ('config sees values', {'bridge/config/x.h': '#include "protocol/influx/precision.h"\n'}, None),
        ('a relative include', {'bridge/cache/x.h': '#include "y.h"\n'}, 'named from the root'),
        ('a new layer', {'bridge/novel/x.h': ''}, 'does not know the layer novel'),
        ('protocol without Boost', {'protocol/x.h': '#include <boost/asio/buffer.hpp>\n'}, 'does without it'),
        ('protocol without clocks', {'protocol/x.h': '#  include <chrono>\n'}, 'does without it'),
        ('protocol with absl strings', {'protocol/x.h': '#include <absl/strings/str_format.h>\n'}, None),
        ('protocol without other absl', {'protocol/x.h': '#include <absl/time/clock.h>\n'}, 'does without it'),
        ('listen with Boost', {'bridge/listen/x.h': '#include <boost/asio/buffer.hpp>\n'}, None),
    ],
    'coawait': [
        ('names and calls', {'bridge/x.cc': 'T f() {\n  co_await g(std::move(a), std::string(b));\n}\n'}, None),
        ('a condition', {'bridge/x.cc': 'T f() {\n  if (co_await g(a)) {\n    h({1});\n  }\n}\n'}, None),
        ('braces in another statement', {'bridge/x.cc': 'T f() {\n  A a{1};\n  co_await g(a);\n}\n'}, None),
        ('braces in a text', {'bridge/x.cc': 'T f() {\n  co_await g("{[", \'{\', R"(a{)");  // {\n}\n'}, None),
        ('an aggregate', {'bridge/x.cc': 'T f() {\n  co_await g(A{1});\n}\n'}, 'bridge/x.cc:2: a statement'),
        ('an aggregate before', {'bridge/x.cc': 'T f() {\n  h(A{1}, co_await g());\n}\n'}, 'x.cc:2: a statement'),
        ('a lambda', {'bridge/x.cc': 'T f() {\n  co_await g([] { return 1; });\n}\n'}, 'x.cc:2: a statement'),
        ('a binding', {'bridge/x.cc': 'T f() {\n  auto [e, n] = co_await g();\n}\n'}, 'x.cc:2: a statement'),
        ('an initialiser', {'bridge/x.cc': 'T f() {\n  int a{\n      co_await g()};\n}\n'}, 'x.cc:3: a statement'),
        ('a method', {'bridge/x.h': 'class A final : B {\n public:\n  T f() const override ABSL_X {\n'
                                    '    co_await g();\n  }\n  T h() {\n    co_await g({});\n  }\n};\n'},
         'x.h:7: a statement'),
        ('after a constructor', {'bridge/x.cc': 'A::A() : a_{1}, b_{2} {\n  c();\n}\nT f() -> U<int> {\n'
                                                '  co_await g(a_[0]);\n}\n'}, 'x.cc:5: a statement'),
        ('a capturing coroutine', {'bridge/x.cc': 'void f() {\n  auto l = [this](int a) -> T {\n'
                                                  '    co_await g(a);\n  };\n}\n'}, 'x.cc:2: a lambda'),
        ('a coroutine without captures', {'bridge/x.cc': 'void f() {\n  auto l = [](int a) -> T {\n'
                                                         '    co_await g(a);\n  };\n}\n'}, None),
        ('a lambda that is no coroutine', {'bridge/x.cc': 'T f() {\n  auto l = [a] { return a; };\n'
                                                          '  co_await g(l);\n}\n'}, None),
    ],
    'size': [
        ('at the limits', {'bridge/x.cc': 'void f() {\n' + lines(68) + '}\n' + lines(430)}, None),
        ('a long file', {'bridge/x.cc': lines(501)}, 'bridge/x.cc: 501 lines, at most 500'),
        ('a long test', {'tests/x_test.cc': lines(801)}, 'tests/x_test.cc: 801 lines, at most 800'),
        ('a longer test than source', {'tests/x_test.py': lines(800)}, None),
        ('corpus is not code', {'tests/corpus/x.txt': lines(900)}, None),
        ('a long function', {'bridge/x.cc': 'namespace a {\nvoid f() {\n' + lines(69) + '}\n}\n'},
         'bridge/x.cc:2: a function of 71 lines, at most 70'),
        ('a long method', {'bridge/x.h': 'struct A {\n  T f() const noexcept -> B<C> {\n' + lines(69) + '}\n};\n'},
         'bridge/x.h:2: a function of 71 lines'),
        ('a long constructor', {'bridge/x.cc': 'A::A(int b) : b_{b} {\n' + lines(69) + '}\n'}, 'of 71 lines'),
        ('a long test body', {'tests/x_test.cc': 'TEST(A, B) {\n' + lines(69) + '}\n'}, 'of 71 lines'),
        ('a brace in a text', {'bridge/x.cc': 'void f() {\n  g("}", \'}\', 1\'000);  // }\n' + lines(68) + '}\n'},
         'of 71 lines'),
        ('a long class is no function', {'bridge/x.h': 'class A : public B {\n' + lines(100) + '};\n'}, None),
        ('a long table is no function', {'bridge/x.cc': 'constexpr A kTable[] = {\n' + '{1, 2},\n' * 100 + '};\n'}, None),
        ('two functions', {'bridge/x.cc': ('void f() {\n' + lines(60) + '}\n') * 2}, None),
        ('a wide line', {'bridge/x.cc': 'x' * 101 + '\n'}, 'bridge/x.cc:1: 101 columns, at most 100'),
        ('a line of 100', {'bridge/x.cc': 'x' * 100 + '\n'}, None),
    ],
    'names': [
        ('names from the field', {'bridge/series_cache.h': 'class SeriesCache {};\n'}, None),
        ('a vague file', {'bridge/string_utils.h': ''}, '"util" says nothing'),
        ('a vague folder', {'bridge/common/x.h': ''}, '"common" says nothing'),
        ('a part of a word', {'bridge/metadata.h': 'class Utility {};\n'}, None),
        ('a vague type', {'bridge/x.h': 'class CacheManager final : public X {\n};\n'}, '"manager" in CacheManager'),
        ('a vague word in prose', {'bridge/x.h': '// class Helper { is a bad name\n'}, None),
    ],
    'format': [
        ('formatted', {'bridge/x.cc': 'int main() { return 0; }\n'}, None),
        ('not formatted', {'bridge/x.cc': 'int main( ){return 0;}\n'}, 'bridge/x.cc: clang-format-19 -i'),
    ],
    'scripts': [
        ('strict', {'deploy/x': '#!/usr/bin/env bash\nset -euo pipefail\necho a\n'}, None),
        ('not strict', {'deploy/x': '#!/usr/bin/env bash\necho a\n'}, 'deploy/x: lacks "set -euo pipefail"'),
        ('another shell', {'deploy/x': '#!/bin/sh\necho a\n'}, 'deploy/x: starts with "#!/bin/sh"'),
        ('unquoted', {'deploy/x': '#!/usr/bin/env bash\nset -euo pipefail\nrm $1\n'}, 'SC2086'),
    ],
}


def run(lint, tree):
    with tempfile.TemporaryDirectory() as root:
        for path, text in tree.items():
            os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(root, path), 'w', encoding='utf-8') as source:
                source.write(text)
            os.chmod(os.path.join(root, path), 0o755)
        script = os.path.join(HERE, f'check_{lint}.py')
        return subprocess.run([sys.executable, script, root], check=False, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def main(lint):
    failures = 0
    for title, tree, wanted in CASES[lint]:
        result = run(lint, tree)
        passed = result.returncode == (1 if wanted else 0) and (wanted or '') in result.stdout
        passed = passed and (wanted is not None or not result.stdout)
        if not passed:
            failures += 1
            print(f'{lint}: {title}: exit {result.returncode}, wanted {wanted!r}, got:\n{result.stdout}')
    print(f'{lint}: {len(CASES[lint])} cases, {failures} failed')
    return 1 if failures else 0


sys.exit(main(sys.argv[1]))
