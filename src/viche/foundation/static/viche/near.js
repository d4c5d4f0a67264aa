/* “Near me”: the place of the browser goes into the search form. Without it one writes an address. */
(() => {
  "use strict";
  const button = document.querySelector("[data-near]");
  if (!button || !navigator.geolocation) return;
  const form = button.closest("form");
  const fault = form.querySelector("[data-near-fault]");
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.lat.value = coords.latitude.toFixed(4);
        form.elements.lon.value = coords.longitude.toFixed(4);
        if (form.elements.near) form.elements.near.value = "";
        if (form.elements.sort) form.elements.sort.value = "near";
        form.submit();
      },
      () => {
        button.disabled = false;
        fault.textContent = fault.dataset.text;
      },
      { maximumAge: 600000, timeout: 10000 },
    );
  });
})();
