/** Answers auditors: the events themselves. */
@NullMarked
package io.kontor.query.audit;

import org.jspecify.annotations.NullMarked;
