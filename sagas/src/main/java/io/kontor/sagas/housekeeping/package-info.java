/** What is kept for a while only, and goes then. */
@NullMarked
package io.kontor.sagas.housekeeping;

import org.jspecify.annotations.NullMarked;
