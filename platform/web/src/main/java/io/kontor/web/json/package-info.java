/** Strict JSON for request and response bodies. */
@NullMarked
package io.kontor.web.json;

import org.jspecify.annotations.NullMarked;
