// What script adds to pages that work without it. Each part stands alone and is bound by attribute, so that a part of a page loaded later needs no call.
import "./dialogs.js";
import "./lists.js";
import "./fields.js";
import "./charts.js";
import "./board.js";
import "./upload.js";
