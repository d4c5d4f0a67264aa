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

  // The allowance follows the choices of its form, or of the page.
  const recount = () => {
    document.querySelectorAll("[data-allowance]").forEach((row) => {
      const { allowance: key, currency } = row.dataset;
      const counted = [...(row.closest("form") || document).querySelectorAll("[data-choice]")].filter((box) =>
        currency || key === "all" ? box.type !== "text" : box.dataset.choice.split(" ").includes(key),
      );
      if (!counted.length) return;
      const worth = (box) => (box.type === "text" ? ~~box.value : box.checked && +(currency ? box.dataset.cost || 0 : 1));
      const used = counted.reduce((sum, box) => sum + worth(box), 0);
      const limit = Number(row.dataset.limit);
      const left = row.querySelector("[data-left]");
      const rest = Math.max(0, limit - used);
      const money = { style: "currency", currency, currencyDisplay: "narrowSymbol", minimumFractionDigits: 0 };
      const text = currency ? (rest / 100).toLocaleString(language, money) : String(rest);
      if (left.textContent !== text) left.textContent = text;
      const fits = used <= limit;
      row.classList.toggle("is-over", !fits);
      row.hidden = fits && "quiet" in row.dataset;
      row.querySelector(".allowance-over").hidden = fits;
      row.querySelectorAll(".pips i").forEach((pip, place) => pip.classList.toggle("is-used", place < used));
      row.querySelector(".gauge-fill")?.setAttribute("width", limit && Math.min(1000, Math.round((used * 1000) / limit)));
    });
  };

  // A step button changes its number here.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-step]");
    if (!button) return;
    event.preventDefault();
    const field = button.parentElement.querySelector("input");
    field.value = Math.max(0, ~~field.value + +button.dataset.step);
    recount();
  });

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

  document.addEventListener("input", (event) => {
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
