/** Node roles, and conditions on them. */
@NullMarked
package io.kontor.cluster.role;

import org.jspecify.annotations.NullMarked;
