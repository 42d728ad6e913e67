/** What query handlers share: reading in the tenant's transaction, rows, parameters. */
@NullMarked
package io.kontor.query.support;

import org.jspecify.annotations.NullMarked;
