/** Verification of a tenant's chain of events, as a job. */
@NullMarked
package io.kontor.operations.integrity;

import org.jspecify.annotations.NullMarked;
