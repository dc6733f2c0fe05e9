"""check_size ROOT: files of at most 500 lines (tests 800), functions 70, C++ columns 100."""
import sys

import source_text

TEXT = source_text.CPP + ('.py', '.sh', '.txt', '.md', '.cmake', 'run', 'install', 'quickstart', 'build')
FILE_LINES = {'tests': 800}
FILE_LINES_ELSEWHERE = 500
FUNCTION_LINES = 70
COLUMNS = 100


def long_functions(text):
    """(line, length) of each function body over the limit; what is inside a function counts in it."""
    code = source_text.code_only(text)
    for block in source_text.structure(code)[0]:
        length = code.count('\n', block.start, block.end) + 1
        outermost = all(kind == 'scope' for kind in block.parents)
        if block.kind == 'body' and outermost and length > FUNCTION_LINES:
            yield source_text.line_of(code, block.start), length


def complaints(root):
    for path in source_text.files(root, TEXT):
        if '/corpus/' in path:
            continue
        text = source_text.read(root, path)
        lines = text.splitlines()
        limit = FILE_LINES.get(path.split('/')[0], FILE_LINES_ELSEWHERE)
        if len(lines) > limit:
            yield f'{path}: {len(lines)} lines, at most {limit}'
        if not path.endswith(source_text.CPP):
            continue
        for number, line in enumerate(lines, 1):
            if len(line) > COLUMNS:
                yield f'{path}:{number}: {len(line)} columns, at most {COLUMNS}'
        for number, length in long_functions(text):
            yield f'{path}:{number}: a function of {length} lines, at most {FUNCTION_LINES}'


sys.exit(source_text.report('size', list(complaints(sys.argv[1]))))
