/** Queries for auditors: the stored events. */
@NullMarked
package io.kontor.api.audit;

import org.jspecify.annotations.NullMarked;
