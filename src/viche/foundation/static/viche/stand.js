/* The public screen: it asks whether somebody is still there and forgets; it goes on when a telephone has identified. */
(() => {
  "use strict";
  const { warn, reset, start } = document.body.dataset;
  const idle = document.getElementById("idle");

  // What the browser kept of the page of somebody else is asked for anew.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  const print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }

  if (idle && reset) {
    const rest = [...document.body.children].filter((each) => each !== idle);
    let asked, before;
    const ask = () => {
      before = document.activeElement;
      idle.hidden = false;
      rest.forEach((each) => (each.inert = true));
      idle.querySelector("[data-stay]").focus();
    };
    let touched = Date.now();
    const stay = () => {
      touched = Date.now();
      if (idle.hidden) return;
      idle.hidden = true;
      rest.forEach((each) => (each.inert = false));
      if (before) before.focus();
    };
    idle.querySelector("[data-stay]").addEventListener("click", stay);
    ["pointerdown", "keydown", "input"].forEach((name) =>
      document.addEventListener(name, () => idle.hidden && stay(), { passive: true }),
    );
    asked = setInterval(() => {
      const seconds = (Date.now() - touched) / 1000;
      if (seconds >= reset) {
        clearInterval(asked);
        location.replace(start);
      } else if (seconds >= warn && idle.hidden) ask();
    }, 1000);
  }

  const waiting = document.querySelector("[data-waiting]");
  if (waiting) {
    const look = async () => {
      try {
        const answer = await fetch(waiting.dataset.waiting, { headers: { Accept: "application/json" } });
        if (!answer.ok || answer.redirected) return location.replace(start);
        if ((await answer.json()).is_identified) return location.replace(waiting.dataset.then);
      } catch {
        // the network is away for a moment: asked again
      }
      return setTimeout(look, 2000);
    };
    setTimeout(look, 2000);
  }
})();
