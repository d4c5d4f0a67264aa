/* Writing survives a lost connection: what was typed and not yet sent is kept on this device and offered again.
   Also the map, and the visitor's own location. Every page works without it. */
(() => {
  "use strict";
  const PREFIX = "viche:draft:";
  const WEEK = 7 * 24 * 3600 * 1000;
  const store = (() => {
    try {
      localStorage.setItem("viche:probe", "1");
      localStorage.removeItem("viche:probe");
      return localStorage;
    } catch {
      return null;
    }
  })();
  const read = (key) => {
    try {
      return JSON.parse(store?.getItem(key) || "null");
    } catch {
      return null;
    }
  };
  const write = (key, value) => {
    try {
      store?.setItem(key, JSON.stringify(value));
    } catch {
      /* a full store: the page still sends what it holds */
    }
  };
  const keys = () => (store ? Object.keys(store).filter((key) => key.startsWith(PREFIX)) : []);
  keys().forEach((key) => {
    if (Date.now() - (read(key)?.at || 0) > WEEK) store.removeItem(key);
  });
  // whoever leaves a shared computer leaves nothing on it
  document.addEventListener("submit", (event) => {
    if ((event.target.getAttribute("action") || "").includes("/logout/")) keys().forEach((key) => store.removeItem(key));
  });

  document.querySelectorAll("[data-scripted]").forEach((each) => (each.hidden = false));
  const form = document.querySelector("form[data-writing]");
  if (!form) return;
  const draft = form.dataset.writing;
  const key = `${PREFIX}${draft}:${form.dataset.writingStep}`;
  const isAutomatic = form.hasAttribute("hx-post");
  const field = (name) => form.elements.namedItem(name);
  const revision = () => Number(document.getElementById("revision").value);
  const lost = form.querySelector("[data-lost]");
  const signedOut = form.querySelector("[data-signed-out]");
  const offer = document.querySelector("[data-offer]");

  const SKIPPED = new Set(["revision", "window", "csrfmiddlewaretoken", "act"]);
  const typed = () => {
    const values = {};
    for (const each of form.elements) {
      if (!each.name || SKIPPED.has(each.name) || each.type === "file" || each.tagName === "BUTTON") continue;
      if (each.type === "radio" && !each.checked) continue;
      values[each.name] = each.type === "checkbox" ? each.checked : each.value;
    }
    return values;
  };
  const same = (one, other) => String(one ?? "").replace(/\s+/g, " ").trim() === String(other ?? "").replace(/\s+/g, " ").trim();
  const keep = (more = {}) => write(key, { at: Date.now(), revision: revision(), values: typed(), ...more });
  let changes = 0;
  let sentChanges = 0;

  // what the server has meanwhile is dropped: a step that was sent with a button and saved
  keys()
    .filter((each) => each.startsWith(`${PREFIX}${draft}:`))
    .forEach((each) => {
      const kept = read(each);
      if (kept?.isSent && kept.revision < revision()) store.removeItem(each);
    });

  const kept = read(key);
  if (kept) {
    const now = typed();
    const differs = Object.keys(kept.values).some((name) => field(name) && !same(kept.values[name], now[name]));
    if (!differs) store.removeItem(key);
    else if (offer && !document.querySelector(".error-summary")) {
      offer.hidden = false;
      offer.querySelector("[data-offer-at]").textContent = new Date(kept.at).toLocaleString(
        document.documentElement.lang || "uk",
        { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" },
      );
      offer.addEventListener("click", (event) => {
        const button = event.target.closest("button");
        if (!button) return;
        if (button.value === "take") {
          Object.entries(kept.values).forEach(([name, value]) => {
            const each = field(name);
            if (!each) return;
            if (each.type === "checkbox") each.checked = value;
            else each.value = value;
          });
          form.dispatchEvent(new Event("input", { bubbles: true }));
        } else store.removeItem(key);
        offer.hidden = true;
      });
    }
  }

  form.addEventListener("input", () => {
    changes += 1;
    keep();
  });
  form.addEventListener("change", () => keep());

  // --- saving by itself -------------------------------------------------------------------------------------------
  let isSaving = false;
  let waiting = null;
  const retry = () => {
    if (!lost.hidden && navigator.onLine) form.dispatchEvent(new Event("retry"));
  };
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt !== form) return;
    isSaving = true;
    sentChanges = changes;
  });
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt !== form) return;
    isSaving = false;
    const { successful, xhr } = event.detail;
    signedOut.hidden = xhr.status !== 401;
    if (successful) {
      lost.hidden = true;
      if (xhr.getResponseHeader("X-Saved") === "yes" && sentChanges === changes) store?.removeItem(key);
      else if (sentChanges !== changes) keep();
    } else if (!xhr.status || xhr.status >= 500) lost.hidden = false;
    if (waiting) {
      const button = waiting;
      waiting = null;
      form.requestSubmit(button);
    }
  });
  window.addEventListener("offline", () => (lost.hidden = false));
  window.addEventListener("online", retry);
  setInterval(retry, 10000);

  // a button waits for the save that is under way, so that a page does not quarrel with itself; without a connection
  // nothing is sent, and what was typed stays here
  form.addEventListener("submit", (event) => {
    if (isAutomatic && !navigator.onLine) {
      event.preventDefault();
      keep();
      lost.hidden = false;
      return;
    }
    if (isSaving) {
      event.preventDefault();
      waiting = event.submitter;
      return;
    }
    keep({ isSent: true });
  });

  // --- the place --------------------------------------------------------------------------------------------------
  const coordinates = field("coordinates");
  const tell = (control) => {
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const map = document.querySelector("[data-map]");
  if (map && coordinates) {
    const svg = map.querySelector("svg");
    const here = map.querySelector("[data-here]");
    const drawn = map.querySelector("[data-area]");
    const hint = map.querySelector("[data-map-hint]");
    const facts = map.dataset;
    let corners = [];
    const choose = (mode) => {
      facts.mode = mode;
      hint.textContent = hint.dataset[mode];
    };
    choose("point");
    map.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.value === "clear") {
        corners = [];
        drawn.setAttribute("points", "");
        field("area").value = "";
        tell(field("area"));
        choose("area");
      } else if (button) choose(button.value);
    });
    svg.addEventListener("click", (event) => {
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      const latitude = (facts.north - point.y * facts.degrees).toFixed(6);
      const longitude = (Number(facts.west) + point.x * facts.degreesEast).toFixed(6);
      if (facts.mode === "point") {
        here.removeAttribute("visibility");
        here.querySelectorAll("circle").forEach((circle) => {
          circle.setAttribute("cx", point.x);
          circle.setAttribute("cy", point.y);
        });
        coordinates.value = `${latitude}, ${longitude}`;
        tell(coordinates);
        return;
      }
      corners.push({ point, degrees: [Number(longitude), Number(latitude)] });
      drawn.setAttribute("points", corners.map((each) => `${each.point.x},${each.point.y}`).join(" "));
      if (corners.length < 3) return;
      const ring = corners.map((each) => each.degrees);
      field("area").value = JSON.stringify({ type: "Polygon", coordinates: [[...ring, ring[0]]] });
      tell(field("area"));
    });
  }
  const locate = form.querySelector('button[name="locate"]');
  const told = form.querySelector("[data-locate]");
  locate?.addEventListener("click", () => {
    const failed = () => (told.textContent = told.dataset.fails);
    if (!navigator.geolocation) return failed();
    return navigator.geolocation.getCurrentPosition(({ coords }) => {
      told.textContent = "";
      coordinates.value = `${coords.latitude.toFixed(6)}, ${coords.longitude.toFixed(6)}`;
      tell(coordinates);
    }, failed);
  });
})();
