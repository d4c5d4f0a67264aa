// A framed widget tells the page around it how high it is, and nothing else. Without it the frame has a fixed height.
(() => {
  "use strict";
  if (parent === window) return;
  const page = document.querySelector("[data-widget]");
  const tell = () => parent.postMessage({ viche: Math.ceil(page.getBoundingClientRect().height) }, "*");
  new ResizeObserver(tell).observe(page);
})();
