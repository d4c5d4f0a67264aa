// <viche-widget community="poltava" contest="2026" kind="status">: a frame of the participatory budget in any page.
// Attributes: community (empty on the community's own address), contest, kind, project, n, type, size, state, area,
// theme, accent, lang, label. What stands inside the element is shown where this script does not run.
(() => {
  "use strict";
  const root = document.currentScript.src.replace(/widgets\/[^/]*$/, "");
  const origin = new URL(root).origin;
  const asked = ["contest", "project", "n", "type", "size", "state", "area", "theme", "accent", "lang"];
  const names = {
    uk: {
      status: "Стан конкурсу громадського бюджету", vote: "Голосування за проєкти громадського бюджету",
      projects: "Проєкти громадського бюджету", project: "Проєкт громадського бюджету",
      map: "Карта проєктів громадського бюджету", turnout: "Явка на голосуванні", results: "Результати голосування",
    },
    en: {
      status: "Participatory budget: where the contest stands", vote: "Participatory budget: vote",
      projects: "Participatory budget: projects", project: "Participatory budget: a project",
      map: "Participatory budget: map of projects", turnout: "Participatory budget: turnout",
      results: "Participatory budget: results",
    },
  };
  const heights = { status: 420, vote: 220, projects: 900, project: 520, map: 480, turnout: 460, results: 640 };

  class VicheWidget extends HTMLElement {
    static observedAttributes = ["community", "kind", "label", ...asked];

    connectedCallback() {
      if (!this.shadowRoot) this.attachShadow({ mode: "open" });
      this.style.display = "block";
      this.heard = (event) => this.resize(event);
      addEventListener("message", this.heard);
      this.draw();
    }

    disconnectedCallback() {
      removeEventListener("message", this.heard);
    }

    attributeChangedCallback() {
      if (this.isConnected && this.shadowRoot) this.draw();
    }

    draw() {
      const kind = names.uk[this.getAttribute("kind")] ? this.getAttribute("kind") : "status";
      const community = (this.getAttribute("community") || "").replace(/[^a-z0-9-]/g, "");
      const language = this.getAttribute("lang") === "en" ? "en" : "uk";
      const query = new URLSearchParams();
      asked.forEach((name) => this.getAttribute(name) && query.set(name, this.getAttribute(name)));
      const frame = document.createElement("iframe");
      frame.title = this.getAttribute("label") || names[language][kind];
      frame.loading = "lazy";
      frame.referrerPolicy = "no-referrer";
      frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox");
      frame.style.cssText = `display:block;width:100%;border:0;height:${heights[kind]}px`;
      frame.src = `${root}${community ? `${community}/` : ""}widgets/${kind}/?${query}`;
      this.frame = frame;
      this.shadowRoot.replaceChildren(frame);
    }

    // only our own frame, from our own origin, says how high it is; and never more than a few screens
    resize(event) {
      if (event.origin !== origin || event.source !== this.frame?.contentWindow) return;
      const height = Number(event.data?.viche);
      if (height > 0 && height < 20000) this.frame.style.height = `${Math.ceil(height)}px`;
    }
  }

  if (!customElements.get("viche-widget")) customElements.define("viche-widget", VicheWidget);
})();
