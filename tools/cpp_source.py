"""A rough reader of C++ source: enough to check mechanical rules, far from a parser."""

import re

_TOKEN = re.compile(
    r"""//[^\n]* | /\*.*?\*/ | R"(?P<mark>[^\s()\\]{0,16})\(.*?\)(?P=mark)" | "(?:\\.|[^"\\\n])*"
        | (?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+' """,
    re.VERBOSE | re.DOTALL,
)
_SCOPE = re.compile(r"\b(namespace|class|struct|union|enum)\b")


def blank(text):
    """`text` with comments, strings and character literals replaced by blanks; lines and columns stay."""
    return _TOKEN.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def functions(blanked):
    """(first line, last line) of every outermost function body in blanked text, counted from 1, its head included.

    A brace opens a function when what stands before it, back to the last statement or scope, holds a parameter list
    and no keyword of a scope and no assignment. Lambdas belong to the function around them.
    """
    found = []
    stack = []
    statement = 0
    depth_in_function = 0
    for match in re.finditer(r"[{};]", blanked):
        character, position = match.group(), match.start()
        if character == "{":
            head = re.sub(r"^\s*#.*$", "", blanked[statement:position], flags=re.MULTILINE)
            opens = not depth_in_function and _is_function_head(head)
            if depth_in_function or opens:
                depth_in_function += 1
            stack.append(_line_of_head(blanked, statement, position) if opens else None)
        elif character == "}" and stack:
            first = stack.pop()
            if depth_in_function:
                depth_in_function -= 1
            if first is not None:
                found.append((first, blanked.count("\n", 0, position) + 1))
        statement = position + 1
    return found


def _is_function_head(head):
    without_templates = re.sub(r"\btemplate\s*<[^>]*>", "", head)
    without_operators = re.sub(r"operator\s*(==|!=|<=>|<=|>=|=|\[\])", "operator", without_templates)
    if "(" not in head or _SCOPE.search(without_operators.split("(")[0]):
        return False
    before_list = without_operators.split("(")[0]
    return "=" not in before_list


def _line_of_head(blanked, statement, position):
    lead = re.match(r"\s*(?:(?:public|private|protected)\s*:\s*)?", blanked[statement:position]).end()
    return blanked.count("\n", 0, statement + lead) + 1
