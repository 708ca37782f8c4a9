"""Replacing a function of the emulator by one that may call it."""

import contextvars
import functools
import threading


def replaces(module, name):
    """Decorates `f(original, *arguments)`, which stands in for `module.name` from then on."""

    def decorate(function):
        original = getattr(module, name)
        setattr(module, name, functools.wraps(original)(functools.partial(function, original)))
        return function

    return decorate


def in_background(function, *arguments):
    """Runs a function in a thread of its own, for the account and region of the caller."""
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(function, *arguments), daemon=True).start()
