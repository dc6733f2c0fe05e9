"""What the lints share: the files of the tree, and C++ without comments and literals, cut at its braces."""
import os
import re
from collections import namedtuple

SOURCE_FOLDERS = ('protocol', 'bridge', 'tests', 'deploy')
CPP = ('.h', '.cc')

TOKENS = re.compile(
    r'//(?:\\\n|[^\n])*|/\*.*?\*/'                                 # comments
    r'|\b(?:u8|[uUL])?R"(?P<raw>[^()\\\s]{0,16})\(.*?\)(?P=raw)"'  # raw strings
    r'|"(?:\\.|[^"\\\n])*"'                                        # strings
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"                        # characters, but not 1'000
    r'|^[ \t]*#(?:\\\n|[^\n])*', re.S | re.M)                      # directives

# The end of a statement's head that says: the brace after it opens a body (of a function or of a loop).
CALLABLE = re.compile(r'[)\]}](?:\s|&|\b(?:const|noexcept|override|final|mutable)\b|\b[A-Z][A-Z_0-9]+\b'
                      r'|->[\w:<>,&*\s]+)*$')
NESTED = re.compile(r'(?:^|:|\b(?:else|do|try))\s*$')
SCOPE = re.compile(r'\s*(?:(?:public|private|protected)\s*:\s*)*(?:template\s*<[^{;]*?>\s*)*'
                   r'(?:inline\s+)?(?:namespace|class|struct|union|enum|extern)\b')

# kind: scope (namespace, class), body, or inner (an initialiser, or anything inside a statement).
# parents: the kinds of the blocks around it.
Block = namedtuple('Block', 'kind start end parents')


def files(root, suffixes=None):
    """Paths, relative to the root, of the project's own files."""
    for folder in SOURCE_FOLDERS:
        for path, folders, names in os.walk(os.path.join(root, folder)):
            folders[:] = sorted(f for f in folders if f not in ('build', '__pycache__'))
            for name in sorted(names):
                if suffixes is None or name.endswith(suffixes):
                    yield os.path.relpath(os.path.join(path, name), root)


def read(root, path):
    with open(os.path.join(root, path), encoding='utf-8', errors='replace') as source:
        return source.read()


def code_only(text):
    """The text with comments, literals and directives blanked; every offset and line stays."""
    return TOKENS.sub(lambda m: re.sub(r'[^\n]', ' ', m.group()), text)


def line_of(text, offset):
    return text.count('\n', 0, offset) + 1


def kind_of(head):
    """What a brace after `head`, the statement so far, opens."""
    if CALLABLE.search(head):
        return 'body'
    if SCOPE.match(head):
        return 'scope'
    return 'body' if NESTED.search(head) else 'inner'


def structure(code):
    """The brace blocks of blanked code, and its statements as (start, end) offsets."""
    blocks, statements, open_marks, start = [], [], [], 0
    for match in re.finditer(r'[;(){}\[\]]', code):
        mark, at = match.group(), match.start()
        ends = mark == ';'
        if mark in ')]}' and open_marks:
            kind, opened = open_marks.pop()
            if mark == '}':
                blocks.append(Block(kind, opened, at, [k for k, _ in open_marks]))
                ends = kind in ('scope', 'body')
        inside = any(kind in ('(', '[', 'inner') for kind, _ in open_marks)
        if mark in '([':
            open_marks.append((mark, at))
        elif mark == '{':
            kind = 'inner' if inside else kind_of(code[start:at])
            open_marks.append((kind, at))
            ends = kind != 'inner'
        if ends and not inside:
            statements.append((start, at))
            start = at + 1
    return blocks, statements


def report(name, complaints):
    """Prints the complaints; the exit code of the lint."""
    for complaint in complaints:
        print(f'{name}: {complaint}')
    return 1 if complaints else 0
