/**
 * The token that a call may need. It comes in the address's fragment (`#token=…`), which browsers send to nobody, or is
 * typed in when the gateway asks for one; it stays in this page and is kept nowhere.
 */
const field = document.getElementById("token");

const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) {
  field.value = given;
  history.replaceState(null, "", location.pathname + location.search);
}

/** The caller's token, or "" if there is none. What a token cannot hold is left out. */
export const token = () => field.value.replace(/[^!-~]/g, "");

/** Let the user type a token in. */
export function askForToken() {
  field.parentElement.hidden = false;
  field.select();
}
