// What a finger is to hit on a phone.

// CSS pixels that a finger needs.
export const kTarget = 44;

// Everything on the page that can be pressed and is lower than kTarget, a line each without doubles. Links within text are as
// high as its lines (WCAG 2.5.8), and a thing within a larger one that does the same is part of it.
export function smallTargets(page, within = "body") {
  return page.locator(within).evaluate((root, least) => {
    const kPressed =
      'a[href], button, input, select, textarea, summary, label:has(input), tr[tabindex], li[tabindex], [role=button], [role=tab], [role=option], [role=switch], [role=menuitem]';
    // Half a pixel is lost where heights are rounded.
    const isLow = (height) => height < least - 0.5;
    const hasTextBeside = (element) => {
      // The text around it, seen through wrappers that hold nothing else.
      for (let each = element; getComputedStyle(each).display.startsWith("inline"); each = each.parentElement) {
        for (const node of each.parentElement.childNodes) {
          const isText = node.nodeType === Node.TEXT_NODE || (node.nodeType === Node.ELEMENT_NODE && node !== each && getComputedStyle(node).display === "inline" && !node.matches(kPressed) && !node.querySelector(kPressed));
          if (isText && node.textContent.trim() !== "") return true;
        }
      }
      return false;
    };
    const found = new Map();
    for (const element of root.querySelectorAll(kPressed)) {
      if (element.disabled || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
      const { width, height } = element.getBoundingClientRect();
      if (width < 2 || height < 2 || !isLow(height) || getComputedStyle(element).pointerEvents === "none") continue;
      // A label around a field, the row around its mark.
      const outer = element.closest("label");
      if (outer && outer !== element && !isLow(outer.getBoundingClientRect().height)) continue;
      if (element.matches("a[href]") && hasTextBeside(element)) continue;
      const name = (each) => `${each.tagName.toLowerCase()}${[...each.classList].map((one) => `.${one}`).join("")}`;
      const path = [element.parentElement.parentElement, element.parentElement, element].filter(Boolean).map(name).join(" > ");
      const said = (element.ariaLabel ?? element.textContent ?? "").trim().slice(0, 30);
      if (!found.has(path)) found.set(path, `${path} is ${height.toFixed(0)} high: ${said}`);
    }
    return [...found.values()];
  }, kTarget);
}
