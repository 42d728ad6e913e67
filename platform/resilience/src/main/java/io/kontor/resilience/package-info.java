/**
 * Calls to parties outside the bank over HTTP and JSON, which may be slow, broken or gone. What a
 * call means is the caller's business; here is only how it can end.
 */
@NullMarked
package io.kontor.resilience;

import org.jspecify.annotations.NullMarked;
