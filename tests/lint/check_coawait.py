"""check_coawait ROOT: no braces, brackets or lambdas in a statement with co_await; no capturing coroutines.

g++ 12 destroys temporaries of such a statement twice. A lambda's captures do not live in the coroutine's
frame, so a coroutine that is a capturing lambda outlives them.
"""
import re
import sys

import source_text

COROUTINE = re.compile(r'\bco_(?:await|return|yield)\b')
# [captures] (parameters) specifiers and return type {
LAMBDA = re.compile(r'\[(?P<captures>[^\[\]]*)\]\s*(?:\((?:[^()]|\([^()]*\))*\))?[^;{}()\[\]]*\{')
SUBSCRIPTED = re.compile(r'[\w)\]]$')
KEYWORD = re.compile(r'\b(?:return|co_return|co_yield)$')


def bad_statements(code, statements):
    for start, end in statements:
        statement = code[start:end]
        awaits = re.search(r'\bco_await\b', statement)
        if awaits and re.search(r'[{\[]', statement):
            yield start + awaits.start()


def capturing_coroutines(code, blocks):
    ends = {block.start: block.end for block in blocks}
    for match in LAMBDA.finditer(code):
        before = code[:match.start()].rstrip()
        if SUBSCRIPTED.search(before) and not KEYWORD.search(before):
            continue
        opened = match.end() - 1
        body = code[opened:ends.get(opened, opened)]
        if match['captures'].strip() and COROUTINE.search(body):
            yield match.start()


def complaints(root):
    for path in source_text.files(root, source_text.CPP):
        code = source_text.code_only(source_text.read(root, path))
        if not COROUTINE.search(code):
            continue
        blocks, statements = source_text.structure(code)
        for at in bad_statements(code, statements):
            yield (f'{path}:{source_text.line_of(code, at)}: a statement with co_await holds names and '
                   'calls only: no {, no [, no lambda')
        for at in capturing_coroutines(code, blocks):
            yield f'{path}:{source_text.line_of(code, at)}: a lambda with captures must not be a coroutine'


sys.exit(source_text.report('coawait', list(complaints(sys.argv[1]))))
