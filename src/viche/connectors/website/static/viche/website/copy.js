/* The list of a copy’s projects narrows as one types. Without it the list is whole. */
(() => {
  "use strict";
  const data = document.getElementById("copy-index");
  const box = document.querySelector("[data-copy-search]");
  if (!data || !box) return;
  const index = JSON.parse(data.textContent);
  const rows = [...document.querySelectorAll("[data-copy-row]")];
  const number = box.querySelector("[data-copy-number]");
  const field = box.querySelector("input");
  box.hidden = false;
  const narrow = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    rows.forEach((row, place) => {
      row.hidden = !words.every((word) => (index[place] || "").includes(word));
      if (!row.hidden) found += 1;
    });
    number.textContent = words.length ? `${number.dataset.text} ${found}` : "";
  };
  field.addEventListener("input", narrow);
  narrow();
})();
