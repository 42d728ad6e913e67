/** Jobs over HTTP: list, retry, cancel, discard, pause. */
@NullMarked
package io.kontor.operations.job;

import org.jspecify.annotations.NullMarked;
