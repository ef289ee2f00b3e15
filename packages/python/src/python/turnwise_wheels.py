"""Unpacks wheels that are pure Python: what `pip install FILE.whl` would do, for one program."""

import io
import os
import re
import shutil
import sys
import zipfile

# `name-version(-build)?-python-abi-platform.whl`
_NAME = re.compile(r"[^-]+-[^-]+(-\d[^-]*)?-(?P<python>[^-]+)-(?P<abi>[^-]+)-(?P<platform>[^-]+)\.whl", re.IGNORECASE)
_COMPILED = (".so", ".pyd", ".dylib", ".dll")
# Where a wheel may keep modules apart from the others.
_MODULES = re.compile(r"[^/]+\.data/(?:purelib|platlib)/(.+)")


def install(name, data, directory):
    """Unpacks one. Returns why it can't be, or nothing."""
    try:
        with zipfile.ZipFile(io.BytesIO(data.to_bytes())) as wheel:
            names = wheel.namelist()
            refusal = _refusal(name, names)
            if refusal is None:
                for member in names:
                    _unpack(wheel, member, directory)
            return refusal
    except zipfile.BadZipFile as error:
        return f"{name} is no wheel: {error}"


def clear(directory):
    """Removes all that was unpacked."""
    for entry in os.scandir(directory):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path)
        else:
            os.remove(entry.path)


def _refusal(name, members):
    tags = _NAME.fullmatch(name)
    if tags is None:
        return f"{name} is not named as wheels are: name-version-python-abi-platform.whl"
    ours = {"py3", f"py3{sys.version_info[1]}", f"cp3{sys.version_info[1]}"}
    compiled = next((member for member in members if member.lower().endswith(_COMPILED)), None)
    if compiled is not None or tags["platform"] != "any" or "none" not in tags["abi"].split("."):
        what = compiled or f"{tags['abi']}-{tags['platform']}"
        return f"{name} is compiled for another machine ({what}): in WebAssembly only pure Python runs (none-any)"
    if not ours.intersection(tags["python"].split(".")):
        return f"{name} is for another Python ({tags['python']}): this one is 3.{sys.version_info[1]}"
    if not any(member.endswith(".dist-info/METADATA") for member in members):
        return f"{name} is no wheel: it has no metadata"
    return None


def _unpack(wheel, member, directory):
    if member.endswith("/"):
        return
    apart = _MODULES.fullmatch(member)
    if apart is None and ".data/" in member.partition("/")[0] + "/":
        return  # Scripts, headers: nobody looks for them here.
    target = os.path.normpath(os.path.join(directory, apart[1] if apart else member))
    if not target.startswith(directory + os.sep):
        raise zipfile.BadZipFile(f"{member} would lie outside of its directory")
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with wheel.open(member) as source, open(target, "wb") as file:
        shutil.copyfileobj(source, file)
