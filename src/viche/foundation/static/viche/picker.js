// Buttons that copy a piece of code, and a preview as high as the widget in it. Without this the page works as well.
(() => {
  "use strict";
  document.querySelectorAll("[data-copy]").forEach((code) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-secondary";
    button.textContent = code.dataset.copy;
    const said = document.createElement("span");
    said.className = "visually-hidden";
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
      } catch {
        getSelection().selectAllChildren(code);
        return;
      }
      button.textContent = said.textContent = code.dataset.copied;
      setTimeout(() => {
        button.textContent = code.dataset.copy;
        said.textContent = "";
      }, 3000);
    });
    code.after(button, said);
  });
  const frame = document.querySelector("[data-widget-frame]");
  addEventListener("message", (event) => {
    const height = Number(event.data?.viche);
    if (event.source === frame?.contentWindow && height > 0) frame.height = String(Math.min(height, 4000));
  });
})();
