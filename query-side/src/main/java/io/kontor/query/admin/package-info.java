/** HTTP API of operators and admins: projections, rebuilds, dead letters. */
@NullMarked
package io.kontor.query.admin;

import org.jspecify.annotations.NullMarked;
