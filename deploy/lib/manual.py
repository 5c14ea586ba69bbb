"""Writes the manual page: its frame is a file in roff, what the program can be told comes from its argument parser.

The parser's own description, in JSON (`wechat-fcgi --experimental-dump-help`), is the standard input.
Usage: manual.py FRAME VERSION SECONDS-SINCE-1970
"""

import json
import sys
import time


def roff(text):
    """Text as it is: no character of it is a request or a hyphen to break a line at."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def spelling(argument):
    """An argument as it is typed, in all its names."""
    value = "\\fI" + roff(argument.get("valueName", "value")) + "\\fR"
    if argument["kind"] == "positional":
        value += " ..." if argument["isRepeating"] else ""
        return f"[{value}]" if argument["isOptional"] else value
    dashes = {"short": "-", "long": "--", "longWithSingleDash": "-"}
    names = ", ".join("\\fB" + roff(dashes[name["kind"]] + name["name"]) + "\\fR" for name in argument["names"])
    return f"{names} {value}" if argument["kind"] == "option" else names


def shown(things):
    return [thing for thing in things if thing.get("shouldDisplay", True)]


def is_common(argument):
    """Whether every command has it."""
    return any(name["name"] in ("help", "version") for name in argument.get("names", []))


def commands(command, above=""):
    """All commands that can be called, with their full names."""
    name = f"{above} {command['commandName']}".strip()
    below = [found for sub in shown(command.get("subcommands", [])) for found in commands(sub, name)]
    return below or [(name, command)]


def synopsis(top):
    lines = []
    for name, command in commands(top):
        arguments = [argument for argument in shown(command.get("arguments", [])) if not is_common(argument)]
        line = "\\fB" + roff(name) + "\\fR"
        if any(argument["kind"] != "positional" for argument in arguments):
            line += " [\\fIoptions\\fR]"
        for argument in arguments:
            if argument["kind"] == "positional":
                line += " " + spelling(argument)
        lines.append(line)
    return "\n.br\n".join(lines)


def described(arguments):
    text = ""
    for argument in arguments:
        text += f".TP\n{spelling(argument)}\n{roff(argument.get('abstract', ''))}\n"
    return text


def reference(top):
    text = described([argument for argument in shown(top.get("arguments", [])) if is_common(argument)])
    for name, command in commands(top):
        text += f".SS {roff(name)}\n{roff(command.get('abstract', ''))}\n"
        if "discussion" in command:
            text += f".PP\n{roff(command['discussion'])}\n"
        text += described(
            [argument for argument in shown(command.get("arguments", [])) if not is_common(argument)])
    return text.rstrip("\n")


def main():
    frame, version, seconds = sys.argv[1:]
    top = json.load(sys.stdin)["command"]
    parts = {
        "@DATE@": time.strftime("%Y-%m-%d", time.gmtime(int(seconds))),
        "@VERSION@": roff(version),
        "@ABSTRACT@": roff(top["abstract"]),
        "@SYNOPSIS@": synopsis(top),
        "@COMMANDS@": reference(top),
    }
    with open(frame, encoding="utf-8") as file:
        text = file.read()
    for name, part in parts.items():
        text = text.replace(name, part)
    sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(text)


main()
