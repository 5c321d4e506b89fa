#!/usr/bin/env python3
"""Checks a file of `sendport audit export` without Sendport.

    check_export.py FILE [FOLDER] [--selection] [--key FINGERPRINT]... [--accept ID]...

FOLDER holds the statements (*.jsonl) and public keys (*.pem) that were kept outside the store; signatures need openssl 3. docs/audit-ledger.md
says what each step means. Exit status 1: something does not hold, or a notice was not accepted.
"""
import argparse, base64, glob, hashlib, json, os, subprocess, sys, tempfile

options = argparse.ArgumentParser()
options.add_argument("file")
options.add_argument("folder", nargs="?")
options.add_argument("--selection", action="store_true")
options.add_argument("--key", action="append", default=[])
options.add_argument("--accept", action="append", default=[])
options = options.parse_args()


def canonical(value):  # RFC 8785, for texts, whole numbers, lists and objects with ASCII names
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(*parts):
    return hashlib.sha256(b"".join(p if isinstance(p, bytes) else p.encode() for p in parts)).hexdigest()


def wrong(what):
    sys.exit("does not hold: " + what)


def place(head):
    return f"{head['lane']}:{head['seq']}"


class Keys:  # candidates by fingerprint; a key here shows who signed, and makes nobody trusted
    def __init__(self):
        self.der, self.earlier = {}, {}

    def add(self, der):
        name = sha256(der)
        self.der[name], self.earlier[sha256(base64.b64encode(der))] = der, name
        return name

    def verify(self, name, text, signature):
        with tempfile.TemporaryDirectory() as at:
            for file, content in (("key", self.der[name]), ("text", text.encode()), ("sig", signature)):
                open(os.path.join(at, file), "wb").write(content)
            raw = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key", "-rawin", "-in", "text", "-sigfile", "sig"]
            return any(not subprocess.run(raw + more, cwd=at, capture_output=True).returncode for more in ([], ["-digest", "sha256"]))

    def signer(self, statement, signature):
        named = statement.get("key")
        candidates = [self.earlier.get(named, named)] if named else list(self.der)
        return next((k for k in candidates if k in self.der and self.verify(k, canonical(statement), signature)), None)


keys, notices, signed, first, handover = Keys(), {}, [], {}, {}
if options.folder:
    for pem in glob.glob(os.path.join(options.folder, "*.pem")):
        body = "".join(line for line in open(pem, encoding="utf-8").read().splitlines() if "-----" not in line)
        keys.add(base64.b64decode(body))
    lines = []
    for file in glob.glob(os.path.join(options.folder, "*.jsonl")):
        if not file.endswith("timestamps.jsonl"):
            for number, raw in enumerate(open(file, "rb"), 1):
                raw = raw.rstrip(b"\r\n")
                if raw.startswith(b"{") and raw.endswith(b"}"):  # anything else was cut off by a crash
                    lines.append((os.path.basename(file), number, raw))
    parsed = []
    for file, number, raw in lines:
        try:
            statement = json.loads(raw)
            signature = base64.b64decode(statement.pop("signature"))
            parsed.append(((file != "checkpoints.jsonl", statement["at"] if file != "checkpoints.jsonl" else ""), file, number, statement, signature))
        except (ValueError, KeyError, TypeError):
            notices[sha256(raw)[:12]] = f"line {number} of {file} is no signed statement"
    for _, file, number, statement, signature in sorted(parsed, key=lambda each: (each[0], each[1], each[2])):
        key = keys.signer(statement, signature)
        if key is None:
            notices[sha256(canonical(statement))[:12]] = f"line {number} of {file}: its signature does not hold under any key in the folder"
            continue
        signed.append((file, number, statement, key))
        for head in statement.get("heads", []):
            first.setdefault(head["lane"], key)
        if statement.get("kind") == "rotated" and key not in handover:
            handover[key] = (file, number, keys.add(base64.b64decode(statement["newKey"])))

given = [k.replace(":", "").lower() for k in options.key]


def successors(roots):
    known = set(roots)
    for key in roots:
        while key in handover and handover[key][2] not in known:
            key = handover[key][2]
            known.add(key)
    return known


def counts(entry, lane):  # whose word counts: keys given, else of each lane the key that signed the first statement about it
    file, number, _, key = entry
    retired = key in handover and handover[key][0] == file and handover[key][1] < number
    return not retired and key in successors(given or ([first[lane]] if lane in first else []))


def before(one, other):
    return one[1] < other[1] if one[0] == other[0] else one[2]["at"] <= other[2]["at"]


abandoned = []
for entry in signed:
    file, number, statement, key = entry
    if key in handover and handover[key][0] == file and handover[key][1] < number:
        notices[sha256(canonical(statement))[:12]] = f"line {number} of {file} was signed after another key had taken over"
    if statement.get("kind") in ("restored", "lost") and all(counts(entry, cut["lane"]) for cut in statement["abandoned"]):
        abandoned.append(entry)
        many = sum(cut["to"] - cut["after"] for cut in statement["abandoned"])
        notices[sha256(canonical(statement))[:12]] = f"{statement['kind']} at {statement['at']}: {many} records abandoned by {statement['who']}, because: {statement['why']}"


def is_abandoned(entry, lane, seq):
    return any(later is not entry and before(entry, later) and counts(later, lane) for later in abandoned
               for cut in later[2]["abandoned"] if cut["lane"] == lane and cut["after"] < seq <= cut["to"])


anchors, pruned, erasures, trees, by_hash = {}, set(), {}, {}, {}
for entry in signed:
    file, number, statement, _ = entry
    by_hash[sha256(canonical(statement))] = entry
    for head in statement.get("heads", []) + statement.get("pruned", []):
        if counts(entry, head["lane"]) and not is_abandoned(entry, head["lane"], head["seq"]):
            known = anchors.setdefault((head["lane"], head["seq"]), (head["hash"], file, number))
            if known[0] != head["hash"]:
                wrong(f"the ledger was forked at {place(head)}: line {known[2]} of {known[1]} and line {number} of {file} name different records")
    pruned |= {(h["lane"], h["seq"], h["hash"]) for h in statement.get("pruned", []) if counts(entry, h["lane"])}
    for tree in statement.get("trees", []):
        if counts(entry, tree["lane"]) and not is_abandoned(entry, tree["lane"], tree["to"]):
            trees.setdefault((tree["lane"], tree["from"]), []).append(tree)
if given and not any(key in successors(given) for _, _, _, key in signed):
    wrong("no statement here was signed by a key that you trust")


def leaf(digest):
    return hashlib.sha256(b"\0" + bytes.fromhex(digest)).digest()


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def root(stack):  # of subtrees, the largest first (RFC 6962, section 2.1)
    at = stack[-1][1]
    for _, left in reversed(stack[:-1]):
        at = node(left, at)
    return at.hex()


def grow(stack, digest):
    size, at = 1, leaf(digest)
    while stack and stack[-1][0] == size:
        size, at = 2 * size, node(stack.pop()[1], at)
    stack.append((size, at))


def root_from(digest, index, size, path):  # RFC 9162, section 2.1.3.2
    at, last, path = leaf(digest), size - 1, [bytes.fromhex(each) for each in path]
    while last > 0:
        if index % 2 or index < last:
            if not path:
                return "the proof is too short"
            at = node(path.pop(0), at) if index % 2 else node(at, path.pop(0))
        index, last = index // 2, last // 2
    return "the proof is too long" if path else at.hex()


def check_inclusion(where, shown, proof):
    line = proof.get("statement")
    if line:
        line = {name: value for name, value in line.items() if name != "signature"}
        if sha256(canonical(line)) != proof["checkpoint"]:
            wrong(where + ": its inclusion proof names another checkpoint than the one beside it")
        in_file[proof["checkpoint"]] = line
    entry = by_hash.get(proof["checkpoint"])
    if options.folder and (entry is None or not counts(entry, shown["lane"])):
        wrong(where + ": the checkpoint of its inclusion proof was not kept, or its key is not trusted")
    begin = shown["seq"] - proof["index"]
    tree = {"lane": shown["lane"], "from": begin, "to": begin + proof["size"] - 1,
            "root": root_from(shown["hash"], proof["index"], proof["size"], proof["path"])}
    if tree not in in_file.get(proof["checkpoint"], {}).get("trees", []):
        wrong(where + ": its inclusion proof does not lead to the root that the checkpoint names")
    if options.folder:
        proved.append(where)


ends, blank, erased, records, growing, in_file, proved = {}, set(), set(), 0, [], {}, []


def check(line):
    global records, growing
    shown = json.loads(line)
    proof = shown.pop("proof")
    header, lane, seq = json.loads(proof["header"]), shown["lane"], shown["seq"]
    where = f"{lane}:{seq}"
    if sha256(proof["header"]) != shown["hash"] or (header["lane"], header["seq"]) != (lane, seq):
        wrong(where + " was changed")
    begins = seq == 1 or not options.folder or (lane, seq - 1, header["prevHash"]) in pruned
    if (lane not in ends and begins) or (options.selection and ends.get(lane, (0,))[0] < seq - 1):
        ends[lane] = (seq - 1, header["prevHash"] if seq > 1 else "0" * 64)
        growing = [each for each in growing if each[0]["lane"] != lane]
    if ends.get(lane) != (seq - 1, header["prevHash"]):
        wrong(where + " does not follow the record before it")
    secret = json.loads(proof["private"]) if "private" in proof else {}
    if "private" not in proof:
        blank.add(where)
    elif sha256(bytes.fromhex(proof["salt"]), proof["private"]) != header["private"]:
        wrong(where + ": its private part was changed")
    if shown != {**{k: v for k, v in header.items() if k != "private"}, **secret, "hash": shown["hash"]}:
        wrong(where + " shows something else than it proves")
    if header["kind"] == "ERASED":
        entry = by_hash.get(header["checkpoint"])
        lanes = {int(each.split(":")[0]) for each in header["erased"]}
        if not options.folder or (entry and entry[2].get("erased") == sha256(canonical(header["erased"])) and all(counts(entry, each) for each in lanes)):
            erased.update(header["erased"])
        elif header["key"] in successors(given or first.values()):
            wrong(where + " says that private parts were erased, and nobody signed that")
    if anchors.get((lane, seq), (shown["hash"],))[0] != shown["hash"]:
        wrong(where + " is not the record that was signed")
    growing += [(tree, []) for tree in trees.get((lane, seq), [])]
    for tree, stack in growing:
        if tree["lane"] == lane:
            grow(stack, shown["hash"])
            if tree["to"] == seq and root(stack) != tree["root"]:
                wrong(f"a signed checkpoint names another Merkle root for {lane}:{tree['from']} to {lane}:{seq}")
    growing = [each for each in growing if each[0]["lane"] != lane or each[0]["to"] > seq]
    if "inclusion" in proof:
        check_inclusion(where, shown, proof["inclusion"])
    ends[lane], records = (seq, shown["hash"]), records + 1


for number, line in enumerate(open(options.file, "rb"), 1):
    try:
        check(line)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as damage:
        wrong(f"line {number} is damaged ({type(damage).__name__})")
if not options.selection:
    if blank - erased:
        wrong(min(blank - erased) + ": its private part is gone, and nobody whose signature counts erased it")
    for (lane, seq), (digest, _, _) in anchors.items():
        if ends.get(lane, (0,))[0] < seq and (lane, seq, digest) not in pruned:
            wrong(f"{lane}:{seq} was signed and is not there")
    for lane in ends:
        last = [entry for entry in abandoned if any(cut["lane"] == lane for cut in entry[2]["abandoned"])]
        if last and {"lane": lane, "seq": ends[lane][0], "hash": ends[lane][1]} not in last[-1][2]["heads"]:
            wrong(f"lane {lane} does not end where the {last[-1][2]['kind']} statement says")
print(records, "records hold,", "up to", ", ".join(f"{lane}:{end[0]}" for lane, end in sorted(ends.items())))
if options.selection:
    print(len(proved), "of them are proved by signed checkpoints:", ", ".join(proved) or "none")
else:
    reached = {lane: max((seq for other, seq in anchors if other == lane and seq <= end[0]), default=0) for lane, end in sorted(ends.items())}
    print("anchored by signed checkpoints up to", ", ".join(f"{lane}:{seq}" for lane, seq in reached.items() if seq) or "no record")
for key in dict.fromkeys(key for _, _, _, key in signed):
    times = [statement["at"] for _, _, statement, each in signed if each == key]
    trust = "trusted" if key in successors(given) else "trusted on first use" if not given and key in successors(set(first.values())) else "not trusted"
    print(f"key {key} signs since {min(times)}, last at {max(times)}; {trust}")
for name, text in notices.items():
    print(("accepted " if name in options.accept else "NOTICE ") + name + ": " + text)
sys.exit(any(name not in options.accept for name in notices))
