/** Texts whose colour stands out too little from what is painted behind them (WCAG 2.2, 1.4.3). */
export const contrastCheck = `(() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r, g, b].map((c, i) => (c * a + [R, G, B][i] * (255 - a)) / 255);
  const luminance = (colour) => colour.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    if (!element) return [255, 255, 255];
    const { backgroundColor, backgroundImage } = getComputedStyle(element);
    // Of a gradient, the lightest colour is the worst for the header's light text.
    const stops = backgroundImage.match(/rgba?\\([^)]*\\)/g);
    const paint = rgba(stops ? stops.at(-1) : backgroundColor);
    return paint[3] === 255 ? paint.slice(0, 3) : over(paint, behind(element.parentElement));
  };
  const failing = [];
  for (const element of document.querySelectorAll('body *')) {
    const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== '');
    if (!hasText || !element.checkVisibility() || element.closest(':disabled, noscript, .visually-hidden')) continue;
    const ground = behind(element);
    const [a, b] = [luminance(over(rgba(getComputedStyle(element).color), ground)), luminance(ground)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) failing.push(element.className + ' "' + element.textContent.slice(0, 30) + '" ' + ratio.toFixed(2));
  }
  return failing;
})()`;
