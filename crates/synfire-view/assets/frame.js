// The input at a step.

/** Draws the picture of a step, or the last one; hides the canvas if there is no input. */
export function frame(canvas, input, step) {
  canvas.hidden = !input;
  if (!input) return;
  const plane = input.width * input.height;
  const at = Math.min(step, input.pixels.length / plane - 1);
  const image = new ImageData(input.width, input.height);
  for (let i = 0; i < plane; i += 1) image.data.set([...Array(3).fill(input.pixels[at * plane + i]), 255], 4 * i);
  [canvas.width, canvas.height] = [input.width, input.height];
  canvas.getContext("2d").putImageData(image, 0, 0);
}
