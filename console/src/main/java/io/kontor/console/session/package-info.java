/** Who is signed in to the console: cookies, sign-in and the filters of its pages. */
@NullMarked
package io.kontor.console.session;

import org.jspecify.annotations.NullMarked;
