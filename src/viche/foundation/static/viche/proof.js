/* Proofs that the browser checks by itself: that an entry is in a log (RFC 9162, C2SP tlog-proof), whose signatures hold
   (C2SP signed-note, tlog-cosignature), and that the code of a receipt is the one of these choices (rulebook.ballot).
   Nothing is sent anywhere. Needs Web Crypto, which browsers have on protected pages only. */
(() => {
  "use strict";
  const subtle = window.crypto && window.crypto.subtle;
  const utf8 = (text) => new TextEncoder().encode(text);
  const joined = (...parts) => {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
    return whole;
  };
  const sha256 = async (bytes) => new Uint8Array(await subtle.digest("SHA-256", bytes));
  const hex = (bytes) => Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
  const fromHex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
  const fromBase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const leafHash = (bytes) => sha256(joined(Uint8Array.of(0), bytes));
  const nodeHash = (left, right) => sha256(joined(Uint8Array.of(1), left, right));

  /* RFC 9162, 2.1.3.2. Numbers are BigInt: a log may be longer than 2**31. */
  async function rootOf(index, size, leaf, hashes) {
    if (index >= size) return null;
    let node = index, last = size - 1n, result = leaf;
    for (const sibling of hashes) {
      if (last === 0n) return null;
      if (node & 1n || node === last) {
        result = await nodeHash(sibling, result);
        while (!(node & 1n) && node) {
          node >>= 1n;
          last >>= 1n;
        }
      } else {
        result = await nodeHash(result, sibling);
      }
      node >>= 1n;
      last >>= 1n;
    }
    return last === 0n ? result : null;
  }

  function parsed(text) {
    const whole = text.replace(/\r\n/g, "\n").replace(/\n*$/, "\n");
    const at = whole.indexOf("\n\n");
    const end = whole.lastIndexOf("\n\n");
    const [first, ...rest] = whole.slice(0, at).split("\n");
    const lines = rest.length && rest[0].startsWith("extra ") ? rest.slice(1) : rest;
    const place = /^index (0|[1-9][0-9]{0,18})$/.exec(lines[0] || "");
    if (first !== "c2sp.org/tlog-proof@v1" || !place || end <= at) return null;
    const body = whole.slice(at + 2, end + 1);
    const [origin, size, root] = body.split("\n");
    if (!/^(0|[1-9][0-9]{0,18})$/.test(size || "") || !root) return null;
    const signatures = whole.slice(end + 2).split("\n").map((line) => /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line));
    try {
      return {
        index: BigInt(place[1]), hashes: lines.slice(1).map(fromBase64), body, origin, size: BigInt(size),
        root: fromBase64(root),
        signatures: signatures.filter(Boolean).map((found) => ({ name: found[1], blob: fromBase64(found[2]) })),
      };
    } catch {
      return null;
    }
  }

  /* "name+id+key": the key's bytes begin with its kind, 1 for a log and 4 for a witness. */
  function parsedKey(text) {
    const found = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim());
    if (!found) return null;
    try {
      const material = fromBase64(found[3]);
      const known = material.length === 33 && (material[0] === 1 || material[0] === 4);
      return known ? { name: found[1], id: found[2], kind: material[0], bytes: material.slice(1) } : null;
    } catch {
      return null;
    }
  }

  /* true, false, or null where this browser knows no Ed25519. undefined: this key has signed nothing here. */
  async function holds(proof, key) {
    const own = proof.signatures.filter(({ name, blob }) => name === key.name && hex(blob.slice(0, 4)) === key.id);
    if (!own.length) return undefined;
    let imported;
    try {
      imported = await subtle.importKey("raw", key.bytes, { name: "Ed25519" }, false, ["verify"]);
    } catch (error) {
      return error.name === "DataError" ? false : null;
    }
    for (const { blob } of own) {
      let signature = blob.slice(4), text = utf8(proof.body);
      if (key.kind === 4) {
        const moment = signature.slice(0, 8).reduce((sum, each) => sum * 256n + BigInt(each), 0n);
        text = utf8(`cosignature/v1\ntime ${moment}\n${proof.body}`);
        signature = signature.slice(8);
      }
      if (await subtle.verify({ name: "Ed25519" }, imported, signature, text)) return true;
    }
    return false;
  }

  async function found(form) {
    const said = form.dataset, entry = form.elements.entry.value;
    if (!entry.trim() || !form.elements.proof.value.trim()) return [[null, said.badEntry]];
    const proof = parsed(form.elements.proof.value);
    if (!proof) return [[false, said.badProof]];
    const results = [];
    const root = await rootOf(proof.index, proof.size, await leafHash(utf8(entry)), proof.hashes);
    const isThere = root !== null && hex(root) === hex(proof.root);
    results.push([isThere, isThere ? said.treeRight : said.treeWrong]);
    const keys = form.elements.keys.value.split("\n").map(parsedKey).filter(Boolean);
    const own = keys.filter((key) => key.kind === 1 && key.name === proof.origin);
    if (!own.length) results.push([null, said.keyUnknown]);
    for (const key of own) {
      const is = await holds(proof, key);
      results.push(is === null ? [null, said.keyUnable] : [is === true, is ? said.keyRight : said.keyWrong]);
    }
    for (const key of keys.filter((each) => each.kind === 4)) {
      const is = await holds(proof, key);
      if (is === true) results.push([true, `${said.witnessRight} ${key.name}`]);
      if (is === false) results.push([false, `${said.witnessWrong} ${key.name}`]);
    }
    return results;
  }

  function show(list, results) {
    list.replaceChildren(...results.map(([is, text]) => {
      const line = document.createElement("li");
      line.className = `proof-line tone-${is === true ? "success" : is === false ? "danger" : "info"}`;
      line.textContent = `${is === true ? "✓" : is === false ? "✗" : "·"} ${text}`;
      return line;
    }));
  }

  for (const form of document.querySelectorAll("form[data-proof]")) {
    const list = form.querySelector("[data-proof-result]");
    if (!subtle) {
      show(list, [[null, form.dataset.insecure]]);
      continue;
    }
    const check = async () => {
      try {
        show(list, await found(form));
      } catch {
        show(list, [[false, form.dataset.badProof]]);
      }
    };
    form.querySelector("[data-proof-button]").hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      check();
    });
    if ("atOnce" in form.dataset) check();
  }

  /* The code of a receipt: SHA-256 over the tag, contest and choices behind their lengths, and the secret number. */
  const framed = (bytes) => {
    const length = new Uint8Array(8);
    new DataView(length.buffer).setBigUint64(0, BigInt(bytes.length));
    return joined(length, bytes);
  };
  for (const box of document.querySelectorAll("[data-receipt]")) {
    const said = box.dataset, list = box.querySelector("[data-receipt-result]");
    if (!subtle) continue;
    sha256(joined(
      utf8("viche/ballot/v1"), Uint8Array.of(0), framed(utf8(said.contest)), framed(utf8(said.ballot)),
      fromHex(said.nonce),
    )).then((code) => {
      const is = hex(code) === said.code;
      show(list, [[is, is ? said.right : said.wrong]]);
    });
  }
})();
