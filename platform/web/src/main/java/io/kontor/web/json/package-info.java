/** Strict JSON: how bodies are read and written. */
@NullMarked
package io.kontor.web.json;

import org.jspecify.annotations.NullMarked;
