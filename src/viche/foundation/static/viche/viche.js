/* Small comforts; every page works without them. No library, no inline code. */
(() => {
  "use strict";
  const language = document.documentElement.lang || "uk";
  const unit = (count, name) =>
    new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "long" }).format(count);

  // Time that is left: two largest units, as the server writes it.
  const tick = (time) => {
    const seconds = Math.floor((Date.parse(time.dateTime) - Date.now()) / 1000);
    if (seconds <= 0) {
      const whole = time.closest(".countdown-left") || time;
      time.removeAttribute("data-countdown");
      whole.textContent = time.dataset.over;
      return;
    }
    const counts = [
      ["day", Math.floor(seconds / 86400)],
      ["hour", Math.floor((seconds % 86400) / 3600)],
      ["minute", Math.floor((seconds % 3600) / 60)],
    ];
    const first = counts.findIndex(([, count]) => count > 0);
    const shown = first < 0 ? [["minute", 1]] : counts.slice(first, first + 2).filter(([, count]) => count > 0);
    const text = shown.map(([name, count]) => unit(count, name)).join(" ");
    if (time.textContent !== text) time.textContent = text;
  };
  const tickAll = () => document.querySelectorAll("[data-countdown]").forEach(tick);

  // What is left of the allowance follows the choices of the form it stands in (or of the page).
  const recount = () => {
    document.querySelectorAll("[data-allowance]").forEach((row) => {
      const key = row.dataset.allowance;
      const scope = row.closest("form") || document;
      const counted = [...scope.querySelectorAll("[data-choice]")].filter(
        (box) => key === "all" || box.dataset.choice === key,
      );
      if (!counted.length) return;
      const used = counted.filter((box) => box.checked).length;
      const limit = Number(row.dataset.limit);
      const left = row.querySelector("[data-left]");
      const text = String(Math.max(0, limit - used));
      if (left && left.textContent !== text) left.textContent = text;
      row.classList.toggle("is-over", used > limit);
      row.querySelector(".allowance-over").hidden = used <= limit;
      row.querySelectorAll(".pips i").forEach((pip, place) => pip.classList.toggle("is-used", place < used));
      const bar = row.querySelector(".gauge-fill");
      if (bar) bar.setAttribute("width", String(limit ? Math.min(1000, Math.round((used * 1000) / limit)) : 0));
    });
  };

  // An opened menu closes on Escape and on a press beside it.
  const closeMenus = (except) =>
    document.querySelectorAll("details.pop[open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && event.target.closest("details.pop[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.pop")));

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-choice]")) recount();
  });
  const begin = () => {
    if (document.querySelector("[data-choice]")) recount();
    tickAll();
    const errors = document.querySelector("[data-focus]");
    if (errors) errors.focus();
  };
  begin();
  document.addEventListener("htmx:afterSwap", begin);
  setInterval(tickAll, 15000);
})();
