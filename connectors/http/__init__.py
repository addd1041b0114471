"""What connectors to web servers share: location and secret, client, failures, and reading by key with a cursor."""
