/** A real browser for tests of what is served to browsers. */
@NullMarked
package io.kontor.app.browser;

import org.jspecify.annotations.NullMarked;
