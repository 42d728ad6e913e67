/** What an auditor may ask: the events themselves. */
@NullMarked
package io.kontor.api.audit;

import org.jspecify.annotations.NullMarked;
