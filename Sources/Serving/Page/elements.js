// Elements of the page: finding and making them.

export const find = (id) => document.getElementById(id);

/** Makes an element; `properties` are DOM properties, or attributes where there is no such one. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in element) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.filter(Boolean));
  return element;
}

export const button = (label, onclick, more = {}) =>
  el("button", { type: "button", textContent: label, onclick, ...more });

/** Marks the button of a group whose data attribute `name` has the value. */
export function press(group, name, value) {
  for (const one of group.children) one.ariaPressed = String(one.dataset[name] === String(value));
}

/** A button that acts when it is pressed a second time. */
export function confirming(pressed, question, action) {
  const label = pressed.textContent;
  const calm = () => {
    pressed.textContent = label;
    pressed.classList.remove("sure");
  };
  pressed.addEventListener("blur", calm);
  pressed.addEventListener("click", () => {
    if (pressed.classList.contains("sure")) return calm(), action();
    pressed.classList.add("sure");
    pressed.textContent = question;
  });
  return pressed;
}
