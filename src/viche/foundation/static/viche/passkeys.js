// Passkeys: the form's options go to the device, its answer goes back with the form.
(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((each) => ({ ...each, id: bytes(each.id) }));

  async function asked(kind, options) {
    const key = options.publicKey;
    key.challenge = bytes(key.challenge);
    if (kind === "create") {
      key.user.id = bytes(key.user.id);
      key.excludeCredentials = named(key.excludeCredentials);
      return navigator.credentials.create({ publicKey: key });
    }
    key.allowCredentials = named(key.allowCredentials);
    return navigator.credentials.get({ publicKey: key });
  }

  function answer(made) {
    const said = made.response;
    const response = { clientDataJSON: text(said.clientDataJSON) };
    if (said.attestationObject) response.attestationObject = text(said.attestationObject);
    if (said.authenticatorData) response.authenticatorData = text(said.authenticatorData);
    if (said.signature) response.signature = text(said.signature);
    if (said.userHandle) response.userHandle = text(said.userHandle);
    return {
      id: made.id, rawId: text(made.rawId), type: made.type, response,
      clientExtensionResults: made.getClientExtensionResults(),
      authenticatorAttachment: made.authenticatorAttachment || undefined,
    };
  }

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const status = form.querySelector("[data-passkey-status]");
    if (!window.PublicKeyCredential) {
      status.textContent = form.dataset.unsupported;
      continue;
    }
    form.addEventListener("submit", async (event) => {
      if (form.elements.response.value) return;
      event.preventDefault();
      status.textContent = "";
      try {
        const made = await asked(form.dataset.passkey, JSON.parse(form.dataset.options));
        form.elements.response.value = JSON.stringify(answer(made));
        form.submit();
      } catch {
        status.textContent = form.dataset.failed;
      }
    });
  }
})();
